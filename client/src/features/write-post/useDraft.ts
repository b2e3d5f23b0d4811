import { watch } from 'vue'

import type { Session } from '@/api'
import { inThisWindow } from '@/ui/browserStorage'

export interface DraftOptions {
  /** What the draft is of: a new post, or the id of an edited one. */
  of: string
  /** Whose draft it is: nobody else who signs in in this window gets to see it. */
  author: () => Session | null
}

export interface DraftReturn<Fields> {
  /** What was typed before and neither sent nor forgotten, else the given fields. */
  restore: (initial: Fields) => Fields
  /** Keeps the fields from now on, whenever they change. */
  keep: (fields: Fields) => void
  forget: () => void
}

/** Keeps what is being typed for as long as the window is open: over a lost session, a reload, a wrong turn. */
export function useDraft<Fields extends Record<string, string>>(
  options: DraftOptions,
): DraftReturn<Fields> {
  const author = options.author()?.id ?? ''
  const key = `draft:${author}:${options.of}`

  return {
    restore: (initial) => ({
      ...initial,
      ...(JSON.parse(inThisWindow.get(key) ?? '{}') as Partial<Fields>),
    }),
    keep: (fields) => {
      watch(fields, () => inThisWindow.set(key, JSON.stringify(fields)))
    },
    forget: () => inThisWindow.forget(key),
  }
}
