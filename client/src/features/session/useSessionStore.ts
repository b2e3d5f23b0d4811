import { useQueryCache, type EntryKey } from '@pinia/colada'
import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'

import { ApiError, getSession, logOut, refresh, type Session } from '@/api'
import { settle } from '@/features/undo/lastChance'

import { joinOtherWindows } from './otherWindows'
import { signedInBefore } from './signedInBefore'

const EVERYTHING: EntryKey = []

/** Who is signed in, as far as the backend has told. */
export const useSessionStore = defineStore('session', () => {
  const queryCache = useQueryCache()
  const session = shallowRef<Session | null>(null)
  /** Who is or was signed in: what they read stays shown when the session is lost, until they leave or sign out. */
  const readerId = ref('')
  /** False until it is clear whether there is a session. */
  const isKnown = ref(false)
  /** Why the backend could not tell whether there is one, when asked last. */
  const failure = shallowRef<ApiError | null>(null)
  const isSignedIn = computed(() => session.value !== null)
  /** Grows whenever another window has begun, changed or ended the session, and this one has followed. */
  const changesElsewhere = ref(0)
  let asking: Promise<void> | undefined

  const otherWindows = joinOtherWindows(async () => {
    const before = session.value?.id
    await reload()
    if (session.value?.id !== before) forgetWhatWasRead()
    changesElsewhere.value += 1
  })
  // What could not be asked without a network is asked when it is back.
  const askAgain = () => void (failure.value && reload())
  window.addEventListener('online', askAgain)
  onScopeDispose(() => {
    otherWindows.leave()
    window.removeEventListener('online', askAgain)
  })

  /** Asks who is signed in, unless nobody has been in this browser. */
  async function known(): Promise<void> {
    if (signedInBefore.isSo()) await certain()
    isKnown.value = true
  }

  /** Asks who is signed in, unless that is known already; calls meanwhile wait for the same answer. */
  async function certain(): Promise<void> {
    if (isSignedIn.value) return
    asking ??= reload()
    await asking
    asking = undefined
  }

  /** Asks again. A backend that cannot be reached leaves things as they were, and `failure` says why. */
  async function reload(): Promise<void> {
    try {
      const { data } = await getSession()
      session.value = data.data
      readerId.value = data.data.id
      failure.value = null
      signedInBefore.remember()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failure.value = error.needsSession ? null : error
    } finally {
      isKnown.value = true
    }
  }

  /** To be called when something said that the session is over. */
  function lose(): void {
    session.value = null
    signedInBefore.forget()
  }

  /** After signing in: what was read as a stranger is read again. */
  async function begin(): Promise<void> {
    await reload()
    refresh(queryCache, EVERYTHING)
    tellOtherWindows()
  }

  async function end(): Promise<void> {
    settle()
    await logOut()
    forget()
  }

  /** To be called when the session was ended on purpose. */
  function forget(): void {
    lose()
    readerId.value = ''
    forgetWhatWasRead()
    tellOtherWindows()
  }

  function forgetWhatWasRead(): void {
    for (const entry of queryCache.getEntries()) if (!entry.active) queryCache.remove(entry)
    refresh(queryCache, EVERYTHING)
  }

  /** To be called when something about the session has changed. */
  function tellOtherWindows(): void {
    otherWindows.tell()
  }

  return {
    session,
    readerId,
    isKnown,
    failure,
    isSignedIn,
    changesElsewhere,
    known,
    certain,
    reload,
    lose,
    begin,
    end,
    forget,
    tellOtherWindows,
  }
})
