import { useQuery } from '@pinia/colada'
import { computed, onScopeDispose, watch, type ComputedRef } from 'vue'

import { getDelivery, type Outcomes, type Post } from '@/api'
import { postKeys } from '@/features/read-posts/postKeys'

/** While mails wait, the receipt is asked for again: soon at first, then ever more seldom. */
const FIRST_LOOK_MS = 1_500
const SLOWER_BY = 1.5
const LAST_LOOK_MS = 60_000
/** So long after posting it may not be written yet whom to tell. */
const FAN_OUT_MS = 15_000

export interface DeliveryReturn {
  outcomes: ComputedRef<Outcomes | undefined>
  /** Whether it is too early to say that nobody is told. */
  isJustPosted: ComputedRef<boolean>
}

/** How telling the readers of an own post went, renewed while there is more to come. */
export function useDelivery(post: () => Post): DeliveryReturn {
  const { data: outcomes, refetch } = useQuery({
    key: () => postKeys.deliveryOf(post().id),
    query: async ({ signal }) => {
      const { data } = await getDelivery({ path: { id: post().id }, signal })
      return data.data
    },
  })
  const isJustPosted = computed(
    () =>
      outcomes.value !== undefined &&
      total(outcomes.value) === 0 &&
      Date.now() - Date.parse(post().created_at) < FAN_OUT_MS,
  )
  let pause = FIRST_LOOK_MS
  let timer: ReturnType<typeof setTimeout> | undefined

  function lookLater(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      pause = Math.min(pause * SLOWER_BY, LAST_LOOK_MS)
      if (document.visibilityState === 'visible') void refetch()
      else lookLater()
    }, pause)
  }

  watch(
    outcomes,
    (now) => {
      clearTimeout(timer)
      if (now && (now.waiting > 0 || isJustPosted.value)) lookLater()
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))

  return { outcomes: computed(() => outcomes.value), isJustPosted }
}

function total({ waiting, accepted, delivered, bounced, failed, skipped }: Outcomes): number {
  const numbers = [waiting, accepted, delivered, bounced, failed, ...Object.values(skipped)]
  return numbers.reduce((sum, count) => sum + count, 0)
}
