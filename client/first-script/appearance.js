// What was chosen in the settings (src/features/settings/appearance.ts, src/i18n/language.ts), applied before the first
// paint, and again when another window chooses something else.
;(function () {
  const root = document.documentElement

  function choose(name, values) {
    const chosen = localStorage.getItem(name)
    if (values.includes(chosen)) root.dataset[name] = chosen
    else delete root.dataset[name]
  }

  function language(languages) {
    const spoken = navigator.languages.map((tag) => tag.split('-')[0])
    return [localStorage.getItem('language'), ...spoken].find((tag) => languages.includes(tag))
  }

  function apply() {
    try {
      choose('theme', ['light', 'dark'])
      choose('contrast', ['more'])
      root.lang = language(['en', 'es']) ?? root.lang
    } catch {
      // Storage may be blocked: then the system decides.
    }
  }

  apply()
  window.addEventListener('storage', apply)
})()
