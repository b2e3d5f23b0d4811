import type { Error as Failure } from './generated'

/** Codes for failures that never reached the backend's own code. */
export type TransportCode = 'unreachable' | 'too_slow' | 'unreadable_answer'

const SIGNED_OUT = 401

interface ApiErrorFields {
  message: string
  code: string
  status?: number
  fieldErrors?: Record<string, string>
  details?: Record<string, string>
  retryAfterSeconds?: number
  requestId?: string | null
  cause?: unknown
}

/** The one error every call to the API rejects with (aborts aside, which stay what they are). */
export class ApiError extends Error {
  override name = 'ApiError'
  /** The backend's `snake_case` code, or a {@link TransportCode}. */
  readonly code: string
  /** The HTTP status, or null when there was no answer. */
  readonly status: number | null
  /** The first message for each refused field, by the name of the field in the request. */
  readonly fieldErrors: Readonly<Record<string, string>>
  /** What one needs to go on, by name: `post_id` with the code `near_copy`. */
  readonly details: Readonly<Record<string, string>>
  /** From Retry-After: how many seconds to wait before trying again. */
  readonly retryAfterSeconds: number | null
  /** By which the operator finds the request in the logs. */
  readonly requestId: string | null

  constructor(fields: ApiErrorFields) {
    super(fields.message, { cause: fields.cause })
    this.code = fields.code
    this.status = fields.status ?? null
    this.fieldErrors = fields.fieldErrors ?? {}
    this.details = fields.details ?? {}
    this.retryAfterSeconds = fields.retryAfterSeconds ?? null
    this.requestId = fields.requestId ?? null
  }

  /** Whether the call needs a session and there is none, or none any more. */
  get needsSession(): boolean {
    return this.status === SIGNED_OUT && this.code !== 'wrong_credentials'
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

/** What a request rejects with when no answer came. */
export function errorWithoutAnswer(cause: unknown): unknown {
  if (isAbort(cause) || cause instanceof ApiError) return cause
  const tooSlow = cause instanceof DOMException && cause.name === 'TimeoutError'
  return new ApiError({
    code: tooSlow ? 'too_slow' : 'unreachable',
    message: tooSlow ? 'The server took too long.' : 'The server cannot be reached.',
    cause,
  })
}

/** What a request rejects with when the answer says that it failed. */
export function errorFromAnswer(body: unknown, response: Response): ApiError {
  const retryAfterSeconds = readRetryAfter(response.headers.get('Retry-After'))
  const common = {
    status: response.status,
    requestId: response.headers.get('X-Request-ID'),
    ...(retryAfterSeconds && { retryAfterSeconds }),
  }
  if (!isFailure(body)) {
    return new ApiError({
      ...common,
      code: 'unreadable_answer',
      message: 'The answer makes no sense.',
    })
  }
  return new ApiError({
    ...common,
    code: body.code,
    message: body.message,
    fieldErrors: firstMessages(body.errors ?? {}),
    details: body.details ?? {},
  })
}

function isFailure(body: unknown): body is Failure {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body
}

function firstMessages(errors: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors).map(([field, messages]) => [field, messages[0] ?? '']),
  )
}

function readRetryAfter(header: string | null): number | null {
  const seconds = Number(header)
  return header !== null && Number.isInteger(seconds) && seconds > 0 ? seconds : null
}
