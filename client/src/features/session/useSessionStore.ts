import { useQueryCache, type EntryKey } from '@pinia/colada'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import { ApiError, getSession, logOut, refresh, type Session } from '@/api'
import { settle } from '@/features/undo/lastChance'
import { inThisBrowser } from '@/ui/browserStorage'

const EVERYTHING: EntryKey = []
// The cookie cannot be seen from here. This tells whether there may be one.
const SIGNED_IN_BEFORE = 'signed-in'

/** Who is signed in, as far as the backend has told. */
export const useSessionStore = defineStore('session', () => {
  const queryCache = useQueryCache()
  const session = shallowRef<Session | null>(null)
  /** False until it is clear whether there is a session. */
  const isKnown = ref(false)
  const isSignedIn = computed(() => session.value !== null)
  let asking: Promise<void> | undefined

  /** Asks who is signed in, unless nobody has been in this browser. */
  async function known(): Promise<void> {
    if (inThisBrowser.get(SIGNED_IN_BEFORE) !== null) await certain()
    isKnown.value = true
  }

  /** Asks who is signed in, unless that is known already; calls meanwhile wait for the same answer. */
  async function certain(): Promise<void> {
    if (isSignedIn.value) return
    asking ??= reload()
    await asking
    asking = undefined
  }

  /** Asks again. A backend that cannot be reached leaves things as they were: pages then say so themselves. */
  async function reload(): Promise<void> {
    try {
      const { data } = await getSession()
      session.value = data.data
      inThisBrowser.set(SIGNED_IN_BEFORE, 'yes')
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    } finally {
      isKnown.value = true
    }
  }

  /** To be called when something said that the session is over. */
  function lose(): void {
    session.value = null
    inThisBrowser.forget(SIGNED_IN_BEFORE)
  }

  /** After signing in: what was read as a stranger is read again. */
  async function begin(): Promise<void> {
    await reload()
    refresh(queryCache, EVERYTHING)
  }

  async function end(): Promise<void> {
    settle()
    await logOut()
    lose()
    for (const entry of queryCache.getEntries()) queryCache.remove(entry)
  }

  return { session, isKnown, isSignedIn, known, certain, reload, lose, begin, end }
})
