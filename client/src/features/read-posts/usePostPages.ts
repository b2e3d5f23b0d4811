import { useInfiniteQuery, type EntryKey } from '@pinia/colada'
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter, type ShallowRef } from 'vue'

import type { Page, Post } from '@/api'

export interface PostPagesOptions<Item extends Post> {
  /** Where the pages are kept; when it changes, the new list is shown and the old request aborted. */
  key: () => EntryKey
  /** Fetches the page that starts at the cursor. */
  fetchPage: (cursor: string | null, signal: AbortSignal) => Promise<Page<Item>>
  /** Whether to fetch at all. Default: true. */
  enabled?: MaybeRefOrGetter<boolean>
}

export interface PostPagesReturn<Item extends Post> {
  /** All pages so far, one list; undefined until the first is there. */
  posts: ComputedRef<Item[] | undefined>
  error: ShallowRef<Error | null>
  isLoading: ShallowRef<boolean>
  hasMore: ShallowRef<boolean>
  loadMore: () => Promise<unknown>
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
    enabled: () => toValue(options.enabled) ?? true,
  })

  return {
    posts: computed(() => query.data.value?.pages.flatMap((page) => page.items)),
    error: query.error,
    isLoading: query.isLoading,
    hasMore: query.hasNextPage,
    loadMore: () => query.loadNextPage(),
    retry: () => query.refetch(),
  }
}
