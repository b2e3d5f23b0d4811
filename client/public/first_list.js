// The address has to be that of the first page in src/features/read-posts/EveryonePage.vue: the client then takes this answer.
if (location.pathname === '/') {
  const preload = document.createElement('link')
  preload.rel = 'preload'
  preload.as = 'fetch'
  preload.crossOrigin = 'anonymous'
  preload.href = '/api/posts?limit=20'
  document.head.append(preload)
}
