import { readonly, shallowRef } from 'vue'

interface Announcement {
  text: string
  /** How many navigations it outlives: one, when made just before leaving. */
  pagesLeft: number
}

const current = shallowRef<Announcement | null>(null)

/** Shown above the page and read out by screen readers, until the reader goes on. */
export const announcement = readonly(current)

/** Says on this page, or with `onNextPage` on the one about to open, that something is done. */
export function announce(text: string, { onNextPage = false } = {}): void {
  current.value = { text, pagesLeft: onNextPage ? 1 : 0 }
}

/** Call at each navigation. */
export function ageAnnouncement(): void {
  const before = current.value
  if (before === null) return
  current.value = before.pagesLeft > 0 ? { ...before, pagesLeft: before.pagesLeft - 1 } : null
}
