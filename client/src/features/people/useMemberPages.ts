import { useInfiniteQuery, type EntryKey } from '@pinia/colada'
import { computed, ref, type ComputedRef, type ShallowRef } from 'vue'

import type { FollowMember, Page } from '@/api'

/** Keys of lists of members in the query cache. */
export const memberKeys = {
  named: (prefix: string) => ['members', 'named', prefix.toLowerCase()],
  follows: ['members', 'follows'],
  followersOf: (username: string) => ['members', 'follows', 'of', username.toLowerCase()],
  followedBy: (username: string) => ['members', 'follows', 'by', username.toLowerCase()],
}

export interface MemberPagesOptions {
  /** Where the pages are kept; when it changes, the new list is shown and the old request aborted. */
  key: () => EntryKey
  /** Fetches the page that starts at the cursor. */
  fetchPage: (cursor: string | null, signal: AbortSignal) => Promise<Page<FollowMember>>
}

export interface MemberPagesReturn {
  /** All pages so far, one list; undefined until the first is there. */
  members: ComputedRef<FollowMember[] | undefined>
  error: ShallowRef<Error | null>
  isLoading: ComputedRef<boolean>
  hasMore: ShallowRef<boolean>
  loadMore: () => Promise<void>
  /** Does again what failed last. */
  retry: () => Promise<unknown>
}

/** A list of members that grows page by page. Only the latest request for a key may change it. */
export function useMemberPages({ key, fetchPage }: MemberPagesOptions): MemberPagesReturn {
  const query = useInfiniteQuery<Page<FollowMember>, Error, string | null>({
    key,
    query: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: null,
    getNextPageParam: (lastPage) => lastPage.next,
  })
  const members = computed(() => query.data.value?.pages.flatMap(({ items }) => items))
  const isLoadingMore = ref(false)

  async function loadMore(): Promise<void> {
    if (isLoadingMore.value) return
    isLoadingMore.value = true
    await query.loadNextPage()
    isLoadingMore.value = false
  }

  return {
    members,
    error: query.error,
    isLoading: computed(() => isLoadingMore.value || (!members.value && query.isLoading.value)),
    hasMore: query.hasNextPage,
    loadMore,
    retry: () => (members.value && query.hasNextPage.value ? loadMore() : query.refetch()),
  }
}
