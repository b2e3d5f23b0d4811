import { computed, nextTick, shallowRef, type ComputedRef, type Ref } from 'vue'

import type { Suggestion } from '@/api'
import { useListKeys, type ListKeysReturn } from '@/features/suggest/useListKeys'
import { useSuggestions } from '@/features/suggest/useSuggestions'

import { wordAtCaret, type WordAtCaret } from './wordAtCaret'

export interface CompletionReturn extends Pick<
  ListKeysReturn,
  'isOpen' | 'marked' | 'close' | 'onKeydown'
> {
  suggestions: ComputedRef<readonly Suggestion[]>
  /** The tag or mention at the caret. */
  word: Readonly<Ref<WordAtCaret | null>>
  /** For the field's input and for whatever else moves the caret. */
  look: () => void
  choose: (option: number) => void
}

/** Completes the tag or mention that is being typed in a field. */
export function useCompletion(
  field: Readonly<Ref<HTMLInputElement | HTMLTextAreaElement | null>>,
): CompletionReturn {
  const word = shallowRef<WordAtCaret | null>(null)
  const found = useSuggestions(() => word.value?.typed ?? '')
  // Nothing is left to complete in what is typed in full.
  const suggestions = computed(() =>
    found.suggestions.value.filter(({ text }) => text !== word.value?.typed.slice(1)),
  )
  const list = useListKeys({
    count: () => (word.value ? suggestions.value.length : 0),
    choose,
    startsMarked: true,
  })

  function look(): void {
    if (!field.value) return
    const { value, selectionStart: caret, selectionEnd } = field.value
    word.value = caret !== null && caret === selectionEnd ? wordAtCaret(value, caret) : null
    list.open()
  }

  function choose(option: number): void {
    const target = word.value
    const suggestion = suggestions.value[option]
    if (!field.value || !target || !suggestion) return
    const { value } = field.value
    const space = value[target.end] === ' ' ? '' : ' '
    const sign = value[target.start] ?? ''
    field.value.setRangeText(sign + suggestion.text + space, target.start, target.end, 'end')
    field.value.dispatchEvent(new Event('input', { bubbles: true }))
    word.value = null
    void nextTick(() => field.value?.focus())
  }

  const { isOpen, marked, close, onKeydown } = list
  return { suggestions, word, isOpen, marked, look, choose, close, onKeydown }
}
