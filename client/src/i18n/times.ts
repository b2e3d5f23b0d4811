import { currentLocale } from './language'

const SECOND_MS = 1_000
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60 * SECOND_MS],
  ['hour', 60 * 60 * SECOND_MS],
  ['day', 24 * 60 * 60 * SECOND_MS],
]
const RELATIVE_UP_TO_MS = 7 * 24 * 60 * 60 * SECOND_MS

/** "12 minutes ago", "yesterday"; after a week the date. */
export function relativeTime(at: Date, now: Date): string {
  const elapsed = now.getTime() - at.getTime()
  if (elapsed > RELATIVE_UP_TO_MS) return longDate(at)
  const format = new Intl.RelativeTimeFormat(currentLocale(), { numeric: 'auto' })
  const [unit, length] = UNITS.findLast(([, length]) => elapsed >= length) ?? ['second', Infinity]
  return format.format(-Math.floor(elapsed / length), unit)
}

export function longDate(at: Date): string {
  return new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'long' }).format(at)
}

export function fullTime(at: Date): string {
  return new Intl.DateTimeFormat(currentLocale(), {
    dateStyle: 'long',
    timeStyle: 'short',
  }).format(at)
}

/** The two lines of a postmark: "23 NOV" and "08:12". */
export function postmarkLines(at: Date): [date: string, time: string] {
  const language = currentLocale()
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, options).format(at).replace('.', '')
  const date = `${part({ day: 'numeric' })} ${part({ month: 'short' })}`.toLocaleUpperCase(language)
  return [date, part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })]
}

export function wholeNumber(value: number): string {
  return new Intl.NumberFormat(currentLocale()).format(value)
}
