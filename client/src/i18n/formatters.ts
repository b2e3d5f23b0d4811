import { currentLocale } from './language'

/**
 * Gives the formatter of the current locale, and keeps what `make` makes for each: a phone needs milliseconds for one of
 * `Intl`, and a list asks for dozens.
 */
export function forEachLocale<Formatter>(make: (locale: string) => Formatter): () => Formatter {
  const made = new Map<string, Formatter>()
  return () => {
    const locale = currentLocale()
    const known = made.get(locale) ?? make(locale)
    made.set(locale, known)
    return known
  }
}
