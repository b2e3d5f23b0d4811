import type { EntryKey, QueryCache } from '@pinia/colada'

/**
 * Fetches anew, in the background, what is shown of the keys, and marks the rest of them old. A failure shows where the
 * data does, not where the refresh was asked for.
 */
export function refresh(queryCache: QueryCache, ...keys: EntryKey[]): void {
  for (const key of keys) queryCache.invalidateQueries({ key }).catch(() => undefined)
}
