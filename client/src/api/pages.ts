/** One page of a list, and where the next one starts. */
export interface Page<Item> {
  items: Item[]
  /** Value for the named cursor parameter, or null on the last page. */
  next: string | null
  /** Whether less was looked through than usual, because a part was down. */
  isDegraded?: boolean
}

const NEXT_LINK = /<([^>]*)>\s*;[^,]*\brel="?next"?/

/** Reads `Link: <…?before=…>; rel="next"` (RFC 8288) for the value of the cursor parameter. */
export function nextCursor(
  response: Response,
  parameter: 'before' | 'after' | 'cursor',
): string | null {
  const target = NEXT_LINK.exec(response.headers.get('Link') ?? '')?.[1]
  if (target === undefined) return null
  return new URL(target, window.location.origin).searchParams.get(parameter)
}
