interface EarlyAnswer {
  address: string
  response: Promise<Response>
}

declare global {
  interface Window {
    earlyAnswer?: EarlyAnswer | undefined
  }
}

/** Keeps for the client what was asked before its code was there, by another file (features/early-list/script.ts). */
export function keepEarlyAnswer(address: string, response: Promise<Response>): void {
  window.earlyAnswer = { address, response }
}

/** The answer to what has been asked already. It is taken once. */
export function takeEarlyAnswer({ method, url }: Request): Promise<Response> | undefined {
  const early = window.earlyAnswer
  if (!early || method !== 'GET' || !url.endsWith(early.address)) return undefined
  window.earlyAnswer = undefined
  return early.response
}
