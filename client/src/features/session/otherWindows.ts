const CHANNEL = 'session'

export interface OtherWindows {
  /** Has the other windows of this browser look at the session again. */
  tell: () => void
  leave: () => void
}

/** Windows tell each other only that the session is another; each asks the backend itself what it is. */
export function joinOtherWindows(onTold: () => void): OtherWindows {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = () => onTold()
  return {
    tell: () => channel.postMessage('changed'),
    leave: () => channel.close(),
  }
}
