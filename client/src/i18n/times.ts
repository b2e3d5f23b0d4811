import { m } from '@/paraglide/messages'

import { forEachLocale } from './formatters'
import { currentLocale } from './language'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const RELATIVE_UP_TO_MS = 7 * DAY_MS

const dates = dateFormatter({ dateStyle: 'long' })
const datesWithTime = dateFormatter({ dateStyle: 'long', timeStyle: 'short' })
const days = dateFormatter({ day: 'numeric' })
const months = dateFormatter({ month: 'short' })
const clock = dateFormatter({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const numbers = forEachLocale((locale) => new Intl.NumberFormat(locale))

/**
 * "12 minutes ago", "yesterday"; after a week the date.
 *
 * In our own words: the first `Intl.RelativeTimeFormat` takes a tenth of a second (docs/performance.md).
 */
export function relativeTime(at: Date, now: Date): string {
  const elapsed = now.getTime() - at.getTime()
  if (elapsed > RELATIVE_UP_TO_MS) return longDate(at)
  if (elapsed >= DAY_MS) return daysAgo(Math.floor(elapsed / DAY_MS))
  if (elapsed >= HOUR_MS) return m.hours_ago({ count: Math.floor(elapsed / HOUR_MS) })
  if (elapsed >= MINUTE_MS) return m.minutes_ago({ count: Math.floor(elapsed / MINUTE_MS) })
  return m.just_now()
}

function daysAgo(count: number): string {
  return count === 1 ? m.yesterday() : m.days_ago({ count })
}

export function longDate(at: Date): string {
  return dates().format(at)
}

export function fullTime(at: Date): string {
  return datesWithTime().format(at)
}

/** The two lines of a postmark: "23 NOV" and "08:12". */
export function postmarkLines(at: Date): [date: string, time: string] {
  const part = (format: Intl.DateTimeFormat) => format.format(at).replace('.', '')
  const date = `${part(days())} ${part(months())}`.toLocaleUpperCase(currentLocale())
  return [date, part(clock())]
}

export function wholeNumber(value: number): string {
  return numbers().format(value)
}

function dateFormatter(options: Intl.DateTimeFormatOptions): () => Intl.DateTimeFormat {
  return forEachLocale((locale) => new Intl.DateTimeFormat(locale, options))
}
