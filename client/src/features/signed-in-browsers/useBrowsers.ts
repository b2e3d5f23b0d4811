import { useMutation, useQuery, useQueryCache } from '@pinia/colada'

import { endOtherSessions, endSession, listSessions, refresh, type BrowserSession } from '@/api'
import { useSessionStore } from '@/features/session/useSessionStore'

const browsersKey = (memberId: string) => ['browsers', memberId]

/** Where the member is signed in: the asking browser first, then as the backend lists them. */
export function useBrowsers() {
  const store = useSessionStore()
  return useQuery({
    key: () => browsersKey(store.readerId),
    query: async ({ signal }) => {
      const { data } = await listSessions({ signal })
      return data.data.toSorted((one, other) => Number(other.is_current) - Number(one.is_current))
    },
    enabled: () => store.isSignedIn,
  })
}

/** Signs out another browser, or with null all others. They leave the list at once, and return if that fails. */
export function useEndSession() {
  const store = useSessionStore()
  const queryCache = useQueryCache()
  const key = () => browsersKey(store.readerId)

  return useMutation({
    mutation: async (id: string | null) => {
      if (id === null) await endOtherSessions()
      else await endSession({ path: { id } })
    },
    onMutate: (id) => {
      queryCache.cancelQueries({ key: key() })
      const before = queryCache.getQueryData<BrowserSession[]>(key())
      const left = before?.filter((browser) =>
        id === null ? browser.is_current : browser.id !== id,
      )
      queryCache.setQueryData(key(), left)
      return { before, left }
    },
    onError: (_error, _id, { before, left }) => {
      if (queryCache.getQueryData<BrowserSession[]>(key()) === left) {
        queryCache.setQueryData(key(), before)
      }
    },
    onSettled: () => refresh(queryCache, key()),
  })
}
