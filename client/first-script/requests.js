// What a page needs first is asked for while the client's code is on its way: the client finds it there when it asks itself.
;(function () {
  function preload(rel, href) {
    const link = document.createElement('link')
    link.rel = rel
    link.href = href
    link.crossOrigin = 'anonymous'
    if (rel === 'preload') link.as = 'fetch'
    document.head.append(link)
  }

  for (const { address, code, question } of FIRST_REQUESTS) {
    const match = new RegExp(address).exec(location.pathname + location.search)
    if (!match) continue
    for (const file of code) preload('modulepreload', file)
    if (question) preload('preload', question.replace('$1', match[1]))
  }
})()
