import { computed, shallowRef } from 'vue'

/** How long one can take it back; longer while the pointer or the focus is on the button. */
export const UNDO_MS = 10_000

export interface Chance {
  /** What seems done. */
  text: string
  undo: () => void
  /** Does it. Called once, unless it was undone. */
  act: () => void
}

const current = shallowRef<Chance | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

/** What can still be taken back. */
export const lastChance = computed(() => current.value)

/** Seems to do something, and does it when it was not taken back in time. One thing at a time: the one before is done. */
export function offerUndo(chance: Chance): void {
  settle()
  current.value = chance
  resume()
}

export function undo(): void {
  const chance = take()
  chance?.undo()
}

/** Does what is pending, now: before the page goes, for instance. */
export function settle(): void {
  const chance = take()
  chance?.act()
}

/** Stops the clock, for who is about to decide. */
export function pause(): void {
  clearTimeout(timer)
}

export function resume(): void {
  clearTimeout(timer)
  if (current.value) timer = setTimeout(settle, UNDO_MS)
}

function take(): Chance | null {
  clearTimeout(timer)
  const chance = current.value
  current.value = null
  return chance
}
