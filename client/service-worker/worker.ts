/**
 * Opens the client without a network: the page, its code, its words and its type are kept from the last visit. Nothing
 * else is. An answer of the API is never looked at here, so none of a signed-in person's can be kept.
 */
declare const self: ServiceWorkerGlobalScope

/** Put in by the build (plugin.ts). The version is another one whenever any file is. */
declare const CLIENT: { version: string; files: string[] }

const { version, files } = CLIENT
const PREFIX = 'client-'
const CACHE = PREFIX + version
/** Answered for every page: which one it is, the client finds out by itself. */
const PAGE = '/index.html'
/** Names in this folder contain a hash of what is in the file. */
const UNCHANGING = '/assets/'

self.addEventListener('install', (event) => {
  event.waitUntil(keepFiles())
})

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([forgetOlderVersions(), self.clients.claim(), startPagesEarly()]))
})

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return
  if (mode === 'navigate') event.respondWith(openPage(event))
  else if (files.includes(pathname)) event.respondWith(findFile(event.request, pathname))
})

async function keepFiles(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll([PAGE, ...files])
}

async function forgetOlderVersions(): Promise<void> {
  const names = await caches.keys()
  const older = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(older.map((name) => caches.delete(name)))
}

/** The page is asked for while this worker still wakes up. */
async function startPagesEarly(): Promise<void> {
  await self.registration.navigationPreload?.enable()
}

/** The newest page there is, and without a network the one that was kept. */
async function openPage(event: FetchEvent): Promise<Response> {
  try {
    const early = (await event.preloadResponse) as Response | undefined
    return early ?? (await fetch(event.request))
  } catch (error) {
    return kept(PAGE, error)
  }
}

async function findFile(request: Request, path: string): Promise<Response> {
  if (path.startsWith(UNCHANGING)) return (await caches.match(path)) ?? fetch(request)
  try {
    return await fetch(request)
  } catch (error) {
    return kept(path, error)
  }
}

async function kept(path: string, because: unknown): Promise<Response> {
  const response = await caches.match(path)
  if (!response) throw because
  return response
}
