export interface RememberedValues {
  get: (key: string) => string | null
  set: (key: string, value: string) => void
  forget: (key: string) => void
}

/** Kept until site data is deleted. */
export const inThisBrowser = remembering(() => window.localStorage)

/** Kept for as long as the window is open, over reloads too. */
export const inThisWindow = remembering(() => window.sessionStorage)

/** Storage may be blocked or full. Then nothing is remembered, and nothing fails. */
function remembering(storage: () => Storage): RememberedValues {
  return {
    get: (key) => orNull(() => storage().getItem(key)),
    set: (key, value) => orNull(() => storage().setItem(key, value)),
    forget: (key) => orNull(() => storage().removeItem(key)),
  }
}

function orNull<Value>(read: () => Value): Value | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}
