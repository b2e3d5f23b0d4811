import { takeEarlyAnswer } from './earlyAnswer'
import type { CreateClientConfig } from './generated/client.gen'

/** Beyond this a request counts as unanswered. The backend's own deadlines are shorter. */
const REQUEST_LIMIT_MS = 20_000

const fetchWithinLimit: typeof fetch = (input, init) => {
  const early = input instanceof Request && takeEarlyAnswer(input)
  if (early) return early
  const limits = [AbortSignal.timeout(REQUEST_LIMIT_MS)]
  if (input instanceof Request) limits.push(input.signal)
  return globalThis.fetch(input, { ...init, signal: AbortSignal.any(limits) })
}

export const createClientConfig: CreateClientConfig = (defaults) => ({
  ...defaults,
  baseUrl: '/api',
  credentials: 'same-origin',
  fetch: fetchWithinLimit,
})
