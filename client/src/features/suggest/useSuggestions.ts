import { useQuery } from '@pinia/colada'
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'

import { suggest, type Suggestion } from '@/api'

/** So long a pause in typing means that a suggestion could help. */
const PAUSE_MS = 120
const FRESH_FOR_MS = 60_000
/** As long as the backend takes. */
const MAX_TYPED = 100
const MOST = 6

export interface SuggestionsReturn {
  /** Most likely first; none while nothing is typed, and none when they cannot be had: they only help. */
  suggestions: ComputedRef<readonly Suggestion[]>
}

/**
 * Completions of what is being typed. While the next ones are awaited, the last ones stay; an answer to something typed
 * earlier is never shown after one to something typed later, and its request is aborted.
 */
export function useSuggestions(typed: () => string): SuggestionsReturn {
  const asked = shallowRef('')
  let pause: ReturnType<typeof setTimeout> | undefined

  watch(
    typed,
    (text) => {
      clearTimeout(pause)
      if (text === '') asked.value = ''
      else pause = setTimeout(() => (asked.value = text), PAUSE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(pause))

  const { data } = useQuery({
    key: () => ['suggestions', asked.value],
    query: async ({ signal }) => {
      const { data } = await suggest({ query: { q: asked.value, limit: MOST }, signal })
      return data.data
    },
    enabled: () => asked.value !== '' && asked.value.length <= MAX_TYPED,
    placeholderData: (previous: Suggestion[] | undefined) => previous,
    staleTime: FRESH_FOR_MS,
  })

  return { suggestions: computed(() => (asked.value === '' ? [] : (data.value ?? []))) }
}
