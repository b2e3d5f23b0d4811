import { useQueryCache, type EntryKey } from '@pinia/colada'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import { ApiError, getSession, logOut, refresh, type Session } from '@/api'

const EVERYTHING: EntryKey = []

/** Who is signed in, as far as the backend has told. */
export const useSessionStore = defineStore('session', () => {
  const queryCache = useQueryCache()
  const session = shallowRef<Session | null>(null)
  /** False until the backend has first said whether there is a session. */
  const isKnown = ref(false)
  const isSignedIn = computed(() => session.value !== null)
  let firstLoad: Promise<void> | undefined

  /** Asks once who is signed in; later calls wait for the same answer. */
  function known(): Promise<void> {
    firstLoad ??= reload()
    return firstLoad
  }

  /** Asks again. A backend that cannot be reached leaves things as they were: pages then say so themselves. */
  async function reload(): Promise<void> {
    try {
      const { data } = await getSession()
      session.value = data.data
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    } finally {
      isKnown.value = true
    }
  }

  /** To be called when something said that the session is over. */
  function lose(): void {
    session.value = null
  }

  /** After signing in: what was read as a stranger is read again. */
  async function begin(): Promise<void> {
    firstLoad = reload()
    await firstLoad
    refresh(queryCache, EVERYTHING)
  }

  async function end(): Promise<void> {
    await logOut()
    lose()
    for (const entry of queryCache.getEntries()) queryCache.remove(entry)
  }

  return { session, isKnown, isSignedIn, known, reload, lose, begin, end }
})
