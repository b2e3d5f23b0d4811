import { onScopeDispose, watch } from 'vue'

import type { Session } from '@/api'
import { inThisBrowser } from '@/ui/browserStorage'

export interface DraftOptions {
  /** What the draft is of: a new post, or the id of an edited one. */
  of: string
  /** Whose draft it is: nobody else who signs in in this browser gets to see it. */
  author: () => Session | null
}

export interface DraftReturn<Fields> {
  /** What was typed before and neither sent nor forgotten, else the given fields. */
  restore: (initial: Fields) => Fields
  /** Keeps the fields from now on, whenever they change here, and follows changes in other windows. */
  keep: (fields: Fields) => void
  forget: () => void
}

/** Keeps what is being typed over a lost session, a reload, a closed window. Windows side by side show the same. */
export function useDraft<Fields extends Record<string, string>>(
  options: DraftOptions,
): DraftReturn<Fields> {
  const author = options.author()?.id ?? ''
  const key = `draft:${author}:${options.of}`
  let initial: Fields | undefined

  function read(stored: string | null): Partial<Fields> {
    return JSON.parse(stored ?? '{}') as Partial<Fields>
  }

  function keep(fields: Fields): void {
    watch(fields, () => {
      const text = JSON.stringify(fields)
      if (text === JSON.stringify(initial)) inThisBrowser.forget(key)
      else if (text !== inThisBrowser.get(key)) inThisBrowser.set(key, text)
    })
    const follow = (event: StorageEvent) => {
      if (event.key === key) Object.assign(fields, initial, read(event.newValue))
    }
    window.addEventListener('storage', follow)
    onScopeDispose(() => window.removeEventListener('storage', follow))
  }

  return {
    restore: (fields) => {
      initial = { ...fields }
      return { ...fields, ...read(inThisBrowser.get(key)) }
    },
    keep,
    forget: () => inThisBrowser.forget(key),
  }
}
