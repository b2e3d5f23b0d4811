import { useQuery, useQueryCache } from '@pinia/colada'

import { changeOwnAccount, getOwnAccount, refresh, type AccountChanges } from '@/api'
import { authorKeys } from '@/features/author/useAuthor'
import { postKeys } from '@/features/read-posts/postKeys'
import { useSessionStore } from '@/features/session/useSessionStore'

const accountKey = (memberId: string) => ['own-account', memberId]

/** What the member can change about their account. Another member's in the same window is another entry. */
export function useOwnAccount() {
  const store = useSessionStore()
  return useQuery({
    key: () => accountKey(store.readerId),
    query: async ({ signal }) => {
      const { data } = await getOwnAccount({ signal })
      return data.data
    },
    enabled: () => store.isSignedIn,
  })
}

/** Returns a function that changes the account; whatever shows a part of it follows. */
export function useChangeAccount(): (changes: AccountChanges) => Promise<void> {
  const store = useSessionStore()
  const queryCache = useQueryCache()

  return async (changes) => {
    const { data } = await changeOwnAccount({ body: changes })
    queryCache.setQueryData(accountKey(data.data.id), data.data)
    await store.reload()
    store.tellOtherWindows()
    refresh(queryCache, authorKeys.all, postKeys.lists)
  }
}
