export interface Segment {
  text: string
  /** As stored: without `#`, casefolded. Null for plain text. */
  tag: string | null
}

const MAYBE_TAG = /#[\p{L}\p{M}\p{N}_-]+/gu

/** Splits a text at its tags. What counts as one is the backend's word: only those it lists are marked. */
export function tagSegments(text: string, tags: readonly string[]): Segment[] {
  const segments: Segment[] = []
  let end = 0
  for (const match of text.matchAll(MAYBE_TAG)) {
    const tag = listedTag(match[0].slice(1), tags)
    if (tag === undefined) continue
    if (match.index > end) segments.push({ text: text.slice(end, match.index), tag: null })
    end = match.index + 1 + tag.length
    segments.push({ text: text.slice(match.index, end), tag })
  }
  if (end < text.length) segments.push({ text: text.slice(end), tag: null })
  return segments
}

/** The longest listed tag the word starts with: the backend may end one earlier, at a hyphen for instance. */
function listedTag(word: string, tags: readonly string[]): string | undefined {
  const folded = word.toLowerCase()
  return tags
    .filter((tag) => folded.startsWith(tag))
    .toSorted((one, other) => other.length - one.length)[0]
}
