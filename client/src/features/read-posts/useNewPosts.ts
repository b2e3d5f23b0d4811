import { useQueryCache, type EntryKey } from '@pinia/colada'
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'

import { ApiError, isAbort, type Page, type Post } from '@/api'

import { postKeys } from './postKeys'
import { isProvisional } from './provisionalPost'
import type { PostPages } from './usePostCache'

/** How often to look, while the window is in view. Mostly that is a 304 without a body. */
const EVERY_MS = 30_000

export interface NewPostsOptions {
  /** The key of the list that is shown. */
  key: () => EntryKey
  /** Fetches its first page. */
  fetchNewest: (signal: AbortSignal) => Promise<Page<Post>>
}

export interface NewPostsReturn {
  /** How many there are on top of what is shown. */
  count: ComputedRef<number>
  /** Whether there are more than that: the newest page holds nothing that is shown. */
  isMore: ComputedRef<boolean>
  /** Puts them on top of the list. */
  show: () => void
}

/**
 * Looks for posts that are newer than a list, and waits with showing them until asked, so that nothing moves under the
 * reader's eyes. What has changed in posts that are shown, or is deleted, is changed at once.
 */
export function useNewPosts(options: NewPostsOptions): NewPostsReturn {
  const queryCache = useQueryCache()
  const newest = shallowRef<Page<Post> | null>(null)
  let looking: AbortController | undefined

  const shown = () => queryCache.getQueryData<PostPages>(options.key())
  const arrived = shallowRef<Post[]>([])
  const isMore = computed(
    () => arrived.value.length > 0 && arrived.value.length === newest.value?.items.length,
  )

  async function look(): Promise<void> {
    if (document.visibilityState === 'hidden' || !shown()) return
    looking?.abort()
    looking = new AbortController()
    const { signal } = looking
    try {
      const page = await options.fetchNewest(signal)
      if (!signal.aborted) compare(page)
    } catch (error) {
      // It looks again later; what is shown stays.
      if (!(error instanceof ApiError) && !isAbort(error)) throw error
    }
  }

  function compare(page: Page<Post>): void {
    const data = shown()
    if (!data) return
    newest.value = page
    const before = data.pages.flatMap(({ items }) => items)
    const known = new Set(before.map(({ id }) => id))
    const firstKnown = page.items.findIndex(({ id }) => known.has(id))
    arrived.value = firstKnown < 0 ? page.items : page.items.slice(0, firstKnown)
    if (firstKnown >= 0) renew(data, page)
  }

  /** Shows of the posts that are shown how they are now. */
  function renew(data: PostPages, page: Page<Post>): void {
    const now = new Map(page.items.map((post) => [post.id, post]))
    const oldest = page.items.at(-1)?.id ?? ''
    const isThere = ({ id }: Post) => id < oldest || now.has(id)
    const pages = data.pages.map((before) => ({
      ...before,
      items: before.items
        .filter((post) => isProvisional(post) || isThere(post))
        .map((post) => now.get(post.id) ?? post),
    }))
    if (JSON.stringify(pages) === JSON.stringify(data.pages)) return
    queryCache.setQueryData(options.key(), { ...data, pages })
  }

  function show(): void {
    const data = shown()
    if (!data || !newest.value) return
    const [first, ...rest] = data.pages
    const pages: PostPages =
      isMore.value || !first
        ? { pages: [newest.value], pageParams: [null] }
        : {
            ...data,
            pages: [{ ...first, items: [...arrived.value, ...first.items] }, ...rest],
          }
    queryCache.setQueryData(options.key(), pages)
    for (const post of arrived.value) queryCache.setQueryData(postKeys.one(post.id), post)
    arrived.value = []
  }

  const timer = setInterval(() => void look(), EVERY_MS)
  const onReturn = () => void look()
  document.addEventListener('visibilitychange', onReturn)
  window.addEventListener('online', onReturn)
  watch(options.key, () => (arrived.value = []))
  // One who comes back finds the list as it was, and is told.
  if (shown()) void look()
  onScopeDispose(() => {
    clearInterval(timer)
    looking?.abort()
    document.removeEventListener('visibilitychange', onReturn)
    window.removeEventListener('online', onReturn)
  })

  return { count: computed(() => arrived.value.length), isMore, show }
}
