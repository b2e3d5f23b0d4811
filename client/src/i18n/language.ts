import { ref, watchEffect } from 'vue'

import { baseLocale, isLocale, locales, overwriteGetLocale, type Locale } from '@/paraglide/runtime'
import { inThisBrowser } from '@/ui/browserStorage'

const STORAGE_KEY = 'language'

export type Language = Locale
export const languages = locales

/** What each language calls itself. */
export const languageNames: Record<Language, string> = { en: 'English', es: 'Español' }

const chosen = ref<Language | null>(readChoice())
const ofSystem = ref<Language>(readSystem())

/** The language everything is shown in: the chosen one, else the system's first that we speak. */
export function currentLanguage(): Language {
  return chosen.value ?? ofSystem.value
}

/** The same language as it is written where the reader is, for dates and numbers: `en-GB`, `es-MX`. */
export function currentLocale(): string {
  const language = currentLanguage()
  return navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language
}

/** The chosen language, or null while the system decides. */
export function chosenLanguage(): Language | null {
  return chosen.value
}

export function chooseLanguage(language: Language | null): void {
  chosen.value = language
  if (language === null) inThisBrowser.forget(STORAGE_KEY)
  else inThisBrowser.set(STORAGE_KEY, language)
}

/** Lets every message follow the language as Vue sees it, without a reload. Call once, before the app mounts. */
export function installLanguage(): void {
  overwriteGetLocale(currentLanguage)
  watchEffect(() => {
    document.documentElement.lang = currentLanguage()
  })
  window.addEventListener('languagechange', () => {
    ofSystem.value = readSystem()
  })
  // Chosen in another window.
  window.addEventListener('storage', () => {
    chosen.value = readChoice()
  })
}

function readChoice(): Language | null {
  const stored = inThisBrowser.get(STORAGE_KEY)
  return isLocale(stored) ? stored : null
}

function readSystem(): Language {
  const spoken = navigator.languages.map((tag) => tag.split('-')[0])
  return spoken.find(isLocale) ?? baseLocale
}
