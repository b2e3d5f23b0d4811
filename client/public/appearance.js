// The choice made in the settings (src/features/settings/appearance.ts), applied before the first paint.
;(function () {
  try {
    const root = document.documentElement
    const theme = localStorage.getItem('theme')
    const contrast = localStorage.getItem('contrast')
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
    if (contrast === 'more') root.dataset.contrast = contrast
  } catch {
    // Storage may be blocked: then the system decides.
  }
})()
