/** Until then the page has what it needs, on a phone, too. */
const AFTER_MS = 3_000

/** Has the service worker keep the client's own files, so that it opens without a network, too. Not while developing. */
export function keepClientForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  setTimeout(() => {
    // A browser that refuses, in a private window for instance, does without.
    navigator.serviceWorker.register('/service-worker.js').catch(() => undefined)
  }, AFTER_MS)
}
