import { useInfiniteQuery, type EntryKey } from '@pinia/colada'
import { computed, ref, type ComputedRef, type ShallowRef } from 'vue'

import type { Page, Post } from '@/api'

import { withdrawnPosts } from './withdrawnPosts'

/** So long a list that was left keeps its place. */
const KEPT_FOR_MS = 30 * 60_000

export interface PostPagesOptions<Item extends Post> {
  /** Where the pages are kept; when it changes, the new list is shown and the old request aborted. */
  key: () => EntryKey
  /** Fetches the page that starts at the cursor. */
  fetchPage: (cursor: string | null, signal: AbortSignal) => Promise<Page<Item>>
  /** Whether to fetch at all. Default: always. */
  enabled?: () => boolean
  /** Whether one finds the list as one left it, newer posts being announced instead. Default: it is renewed. */
  staysAsLeft?: boolean
}

export interface PostPagesReturn<Item extends Post> {
  /** All pages so far, one list; undefined until the first is there. */
  posts: ComputedRef<Item[] | undefined>
  error: ShallowRef<Error | null>
  /** Whether posts are awaited; looking in the background for newer ones is not that. */
  isLoading: ComputedRef<boolean>
  hasMore: ShallowRef<boolean>
  /** Whether less was looked through than usual, because a part was down. */
  isDegraded: ComputedRef<boolean>
  loadMore: () => Promise<void>
  /** Does again what failed last. */
  retry: () => Promise<unknown>
}

/** A list of posts that grows page by page. Only the latest request for a key may change it. */
export function usePostPages<Item extends Post>(
  options: PostPagesOptions<Item>,
): PostPagesReturn<Item> {
  const query = useInfiniteQuery<Page<Item>, Error, string | null>({
    key: options.key,
    query: ({ pageParam, signal }) => options.fetchPage(pageParam, signal),
    initialPageParam: null,
    getNextPageParam: (lastPage) => lastPage.next,
    enabled: options.enabled ?? (() => true),
    ...(options.staysAsLeft && {
      gcTime: KEPT_FOR_MS,
      staleTime: Infinity,
      refetchOnWindowFocus: false,
    }),
  })
  const posts = computed(() =>
    query.data.value?.pages.flatMap(({ items }) =>
      items.filter(({ id }) => !withdrawnPosts.has(id)),
    ),
  )
  const isLoadingMore = ref(false)

  async function loadMore(): Promise<void> {
    if (isLoadingMore.value) return
    isLoadingMore.value = true
    await query.loadNextPage()
    isLoadingMore.value = false
  }

  return {
    posts,
    error: query.error,
    isLoading: computed(() => isLoadingMore.value || (!posts.value && query.isLoading.value)),
    hasMore: query.hasNextPage,
    isDegraded: computed(
      () => query.data.value?.pages.some(({ isDegraded }) => isDegraded) ?? false,
    ),
    loadMore,
    retry: () => (posts.value && query.hasNextPage.value ? loadMore() : query.refetch()),
  }
}
