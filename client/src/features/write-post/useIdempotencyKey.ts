import * as v from 'valibot'

import { inThisBrowser } from '@/ui/browserStorage'

const KEY_BYTES = 16
const kept = v.object({ key: v.string(), body: v.string() })

export interface IdempotencyKeyReturn {
  /** The key for a body: the same one for the same body, so that sending it again does nothing twice. */
  keyFor: (body: object) => string
  /** To be called when the body has arrived: the same words may be meant anew. */
  forget: () => void
}

/** Names each request body for all its tries, in whatever window and after a reload, too. */
export function useIdempotencyKey(of: string): IdempotencyKeyReturn {
  const storageKey = `sending:${of}`
  // For who blocks storage.
  let last: v.InferOutput<typeof kept> | null = null

  function read(): v.InferOutput<typeof kept> | null {
    const stored = inThisBrowser.get(storageKey)
    if (stored === null) return last
    const result = v.safeParse(kept, JSON.parse(stored))
    return result.success ? result.output : last
  }

  function keyFor(sent: object): string {
    const body = JSON.stringify(sent)
    const before = read()
    last = before?.body === body ? before : { key: randomKey(), body }
    inThisBrowser.set(storageKey, JSON.stringify(last))
    return last.key
  }

  function forget(): void {
    last = null
    inThisBrowser.forget(storageKey)
  }

  return { keyFor, forget }
}

/** Not `randomUUID`, which is only there where the page came over https. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
