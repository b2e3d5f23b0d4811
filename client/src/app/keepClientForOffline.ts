/** Has the service worker keep the client's own files, so that it opens without a network, too. Not while developing. */
export function keepClientForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // After all that the page itself needs.
  window.addEventListener('load', () => {
    // A browser that refuses, in a private window for instance, does without.
    navigator.serviceWorker.register('/service-worker.js').catch(() => undefined)
  })
}
