import { ApiError } from '@/api'
import { m } from '@/paraglide/messages'

const SECONDS_IN_A_MINUTE = 60

const byCode: Record<string, () => string> = {
  wrong_credentials: m.wrong_credentials,
  username_taken: m.username_taken,
  email_taken: m.email_taken,
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
  503: m.part_is_down,
}

/** What happened and what to do next, in the reader's language. */
export function failureText(error: unknown): string {
  if (!(error instanceof ApiError)) return m.failed_here()
  const known = textOfCode(error.code)
  if (known) return known
  if (error.status === 429) return tooOften(error.retryAfterSeconds)
  const ofStatus = byStatus[error.status ?? 0]
  if (ofStatus) return ofStatus()
  return error.status !== null && error.status < 500 ? error.message : m.failed_there()
}

/** Words for one of the backend's codes, if it has its own. */
export function textOfCode(code: string): string | undefined {
  return byCode[code]?.()
}

function tooOften(seconds: number | null): string {
  if (seconds === null) return m.too_often()
  if (seconds < SECONDS_IN_A_MINUTE) return m.too_often_seconds({ count: seconds })
  const minutes = Math.ceil(seconds / SECONDS_IN_A_MINUTE)
  return m.too_often_minutes({ count: minutes })
}
