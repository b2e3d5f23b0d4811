import { currentLanguage } from './language'

/** ISO 639-1 codes of the languages a post's text is recognised in. */
export const searchLanguages = [
  'ar',
  'de',
  'en',
  'es',
  'fr',
  'it',
  'nl',
  'pt',
  'ru',
  'sv',
  'tr',
] as const

/** What a language is called in the reader's. */
export function languageName(code: string): string {
  return new Intl.DisplayNames(currentLanguage(), { type: 'language' }).of(code) ?? code
}
