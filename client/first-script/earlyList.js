// What shows the first posts of a first visit: named in the page's header (early-requests/visits.ts), it is there by now.
;(function () {
  if (location.pathname !== '/') return
  const script = document.createElement('script')
  script.src = EARLY_LIST
  document.head.append(script)
})()
