import { computed, ref, watch, type ComputedRef } from 'vue'

import { nextFrame } from '@/ui/nextTask'

import { POSTS_AT_FIRST } from './howMany'

/** Posts that are added with each frame. */
const AT_A_TIME = 4

export interface GraduallyReturn<Item> {
  /** The first of them, a moment later all; undefined until there are any. */
  shown: ComputedRef<readonly Item[] | undefined>
  isWhole: ComputedRef<boolean>
}

/**
 * Shows a list that arrives from its beginning, a few items a frame: all at once would keep a phone from showing any. A
 * list that is there already is shown whole, because one returns to a place in it.
 */
export function useGradually<Item>(
  items: () => readonly Item[] | undefined,
): GraduallyReturn<Item> {
  const room = ref(items() ? Infinity : POSTS_AT_FIRST)
  const isWhole = computed(() => room.value >= (items()?.length ?? 0))

  function goOn(): void {
    if (isWhole.value) room.value = Infinity
    else void nextFrame().then(more)
  }

  function more(): void {
    room.value += AT_A_TIME
    goOn()
  }

  watch(
    () => items() !== undefined,
    (arrived) => {
      if (arrived) goOn()
      else room.value = POSTS_AT_FIRST
    },
  )

  return { shown: computed(() => items()?.slice(0, room.value)), isWhole }
}
