import { m } from '@/paraglide/messages'

import { forEachLocale } from './formatters'
import { currentLocale } from './language'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const RELATIVE_UP_TO_MS = 7 * DAY_MS

/** Where English is written with the month first. */
const MONTH_FIRST = /^en(-Latn)?(-(AS|BI|CA|GU|MH|MP|PH|PR|UM|US|VI))?$/

const datesWithTime = forEachLocale(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }),
)
const numbers = forEachLocale((locale) => new Intl.NumberFormat(locale))

/**
 * "12 minutes ago", "yesterday"; after a week the date.
 *
 * Like all that a page shows at first, in our own words: the first formatter of `Intl` keeps a phone busy for as long as
 * twenty posts (docs/performance.md).
 */
export function relativeTime(at: Date, now: Date): string {
  const elapsed = now.getTime() - at.getTime()
  if (elapsed > RELATIVE_UP_TO_MS) return longDate(at)
  if (elapsed >= DAY_MS) return counted(elapsed / DAY_MS, m.yesterday, m.days_ago)
  if (elapsed >= HOUR_MS) return counted(elapsed / HOUR_MS, m.hour_ago, m.hours_ago)
  if (elapsed >= MINUTE_MS) return counted(elapsed / MINUTE_MS, m.minute_ago, m.minutes_ago)
  return m.just_now()
}

function counted(
  elapsed: number,
  one: () => string,
  more: (inputs: { count: number }) => string,
): string {
  const count = Math.floor(elapsed)
  return count === 1 ? one() : more({ count })
}

/** "January 2, 2026" or "2 January 2026", as where the reader is. */
export function longDate(at: Date): string {
  const parts = {
    day: at.getDate(),
    month: monthOf(at, m.months()),
    year: at.getFullYear(),
  }
  return MONTH_FIRST.test(currentLocale()) ? m.date_month_first(parts) : m.date(parts)
}

/** For who asks: it costs more than to show the rest of a post. */
export function fullTime(at: Date): string {
  return datesWithTime().format(at)
}

/** The two lines of a postmark: "23 NOV" and "08:12". */
export function postmarkLines(at: Date): [date: string, time: string] {
  const day = `${at.getDate()} ${monthOf(at, m.postmark_months())}`
  return [day, `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`]
}

export function wholeNumber(value: number): string {
  return numbers().format(value)
}

/** Like a formatter of `Intl` it throws a RangeError when there is no such time. */
function monthOf(at: Date, names: string): string {
  const name = names.split(' ')[at.getMonth()]
  if (name === undefined) throw new RangeError(`not a time: ${at}`)
  return name
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
