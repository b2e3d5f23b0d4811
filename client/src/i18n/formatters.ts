import { currentLocale } from './language'

/**
 * Keeps what `make` makes for each locale: a formatter of `Intl` takes milliseconds to make on a phone, a list asks for
 * dozens.
 */
export function formatter<Formatter>(make: (locale: string) => Formatter): () => Formatter {
  const made = new Map<string, Formatter>()
  return () => {
    const locale = currentLocale()
    const known = made.get(locale)
    if (known !== undefined) return known
    const formatter = make(locale)
    made.set(locale, formatter)
    return formatter
  }
}
