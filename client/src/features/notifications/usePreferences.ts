import { useMutation, useQuery, useQueryCache } from '@pinia/colada'

import { getPreferences, putPreferences, refresh, type Preferences } from '@/api'
import { useSessionStore } from '@/features/session/useSessionStore'

/** What a member can choose of their preferences; the rest is told by the backend. */
export type Choices = Omit<Preferences, 'address_problem'>

interface Attempt {
  before: Preferences | undefined
  wanted: Preferences | undefined
}

const preferencesKey = (memberId: string) => ['preferences', memberId]

/** What the member wants to be told, and whether mail reaches them. */
export function usePreferences() {
  const store = useSessionStore()
  return useQuery({
    key: () => preferencesKey(store.readerId),
    query: async ({ signal }) => {
      const { data } = await getPreferences({ signal })
      return data.data
    },
    enabled: () => store.isSignedIn,
  })
}

/**
 * Changes some of the preferences: shown at once, and taken back if the backend refuses. Changes are sent one after the
 * other, since each carries all choices made before it.
 */
export function useChangePreferences() {
  const store = useSessionStore()
  const queryCache = useQueryCache()
  const key = () => preferencesKey(store.readerId)
  let lastSent: Promise<unknown> = Promise.resolve()
  let underWay = 0

  return useMutation<void, Partial<Choices>, Error, Attempt>({
    mutation: (_changes, { wanted }) => {
      const sent = lastSent.then(() => send(wanted))
      lastSent = sent.catch(() => undefined)
      return sent
    },
    onMutate: (changes) => {
      underWay += 1
      const before = queryCache.getQueryData<Preferences>(key())
      const wanted = before && { ...before, ...changes }
      queryCache.cancelQueries({ key: key() })
      queryCache.setQueryData(key(), wanted)
      return { before, wanted }
    },
    onError: (_error, _changes, { before, wanted }) => {
      if (queryCache.getQueryData<Preferences>(key()) === wanted) {
        queryCache.setQueryData(key(), before)
      }
    },
    onSettled: () => {
      underWay -= 1
      if (underWay === 0) refresh(queryCache, key())
    },
  })
}

async function send(wanted: Preferences | undefined): Promise<void> {
  if (!wanted) return
  // They replace all there are: what is not changed is sent along.
  const choices: Partial<Preferences> = { ...wanted }
  delete choices.address_problem
  await putPreferences({ body: choices })
}
