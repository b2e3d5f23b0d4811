import { inThisBrowser } from '@/ui/browserStorage'

const KEY = 'signed-in'

/** Whether there may be a session: its cookie cannot be seen from here. */
export const signedInBefore = {
  isSo: () => inThisBrowser.get(KEY) !== null,
  remember: () => inThisBrowser.set(KEY, 'yes'),
  forget: () => inThisBrowser.forget(KEY),
}
