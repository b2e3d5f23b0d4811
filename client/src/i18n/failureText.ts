import { ApiError } from '@/api'
import { m } from '@/paraglide/messages'

const SECONDS_IN_A_MINUTE = 60

const byCode: Record<string, () => string> = {
  wrong_credentials: m.wrong_credentials,
  username_taken: m.username_taken,
  email_taken: m.email_taken,
  wrong_password: m.wrong_password,
  account_suspended: m.account_suspended,
  invalid_reset_token: m.invalid_reset_code,
  invalid_confirmation_token: m.invalid_confirmation,
  search_unavailable: m.search_unavailable,
  unreachable: m.unreachable,
  too_slow: m.too_slow,
}

const byStatus: Record<number, () => string> = {
  401: m.session_over,
  403: m.not_allowed,
  404: m.not_there,
}

/** What happened and what to do next, in the reader's language. */
export function failureText(error: unknown): string {
  if (!(error instanceof ApiError)) return m.failed_here()
  const known = textOfCode(error.code)
  if (known) return known
  if (error.status === 429) return inTime(error.retryAfterSeconds, tooOften)
  if (error.status === 503) return inTime(error.retryAfterSeconds, partIsDown)
  const ofStatus = byStatus[error.status ?? 0]
  if (ofStatus) return ofStatus()
  return error.status !== null && error.status < 500 ? m.refused_there() : m.failed_there()
}

/** What is wrong with a field that only the backend could find fault with. */
const byField: Record<string, () => string> = {
  username: m.username_refused,
  email: m.email_refused,
  password: m.password_refused,
  newPassword: m.password_refused,
}

/** Words for a refused field: for `explain` of `useForm`. */
export function fieldText(error: ApiError, field: string): string | undefined {
  return textOfCode(error.code) ?? byField[field]?.()
}

/** Words for one of the backend's codes, if it has its own. */
export function textOfCode(code: string): string | undefined {
  return byCode[code]?.()
}

interface TimedWords {
  sometime: () => string
  seconds: (inputs: { count: number }) => string
  minutes: (inputs: { count: number }) => string
}

const tooOften: TimedWords = {
  sometime: m.too_often,
  seconds: m.too_often_seconds,
  minutes: m.too_often_minutes,
}
const partIsDown: TimedWords = {
  sometime: m.part_is_down,
  seconds: m.part_is_down_seconds,
  minutes: m.part_is_down_minutes,
}

function inTime(seconds: number | null, words: TimedWords): string {
  if (seconds === null) return words.sometime()
  if (seconds < SECONDS_IN_A_MINUTE) return words.seconds({ count: seconds })
  return words.minutes({ count: Math.ceil(seconds / SECONDS_IN_A_MINUTE) })
}
