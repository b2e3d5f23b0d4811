import { computed, shallowRef } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

export interface Announcement {
  text: string
  tone: 'calm' | 'attention'
  link: AnnouncedLink | null
  /** How many navigations it outlives: one, when made just before leaving. */
  pagesLeft: number
}

export interface AnnouncedLink {
  label: string
  to: RouteLocationRaw
}

export interface AnnouncementOptions {
  /** For the page about to open, instead of this one. */
  onNextPage?: boolean
  /** `attention` for what went wrong, said at once by screen readers. Default: calm. */
  tone?: 'calm' | 'attention'
  /** Where to go on. */
  link?: AnnouncedLink
}

const current = shallowRef<Announcement | null>(null)

/** Shown above the page and read out by screen readers, until the reader goes on. */
export const announcement = computed(() => current.value)

/** Says on this page, or with `onNextPage` on the one about to open, that something is done, or was not. */
export function announce(text: string, options: AnnouncementOptions = {}): void {
  const { onNextPage = false, tone = 'calm', link = null } = options
  current.value = { text, tone, link, pagesLeft: onNextPage ? 1 : 0 }
}

/** Call at each navigation. */
export function ageAnnouncement(): void {
  const before = current.value
  if (before === null) return
  current.value = before.pagesLeft > 0 ? { ...before, pagesLeft: before.pagesLeft - 1 } : null
}
