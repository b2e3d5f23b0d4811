/** Everything about a stamp that follows from its author's id: the same in mails, which draw it by these rules. */
export interface StampDrawing {
  /** Degrees in OKLCH. */
  hue: number
  pattern: Pattern
}

export const patterns = ['waves', 'rings', 'stripes', 'hills', 'dots', 'rays'] as const
export type Pattern = (typeof patterns)[number]

const HUES = 12
const DEGREES = 360

/**
 * Draws lots by the last two bytes of the id (random in a UUIDv7): the last but one picks one of 12 hues, 30 degrees
 * apart, the last one of the 6 patterns.
 */
export function drawStamp(authorId: string): StampDrawing {
  const hexadecimal = authorId.replaceAll('-', '')
  const byteAt = (start: number, end?: number) => parseInt(hexadecimal.slice(start, end), 16) || 0
  return {
    hue: (byteAt(-4, -2) % HUES) * (DEGREES / HUES),
    pattern: patterns[byteAt(-2) % patterns.length] ?? 'waves',
  }
}

/** Most names: each of its characters is one letter as people see it. The others cost a phone milliseconds. */
const PLAIN = /^[\x20-\x7e]*$/
const NO_PLAIN_LETTER = /[^A-Za-z0-9]+/
const NO_LETTER = /[^\p{L}\p{M}\p{N}]+/u

/** One or two letters: of the first two words of a name, or the first two of its only word. */
export function initials(username: string): string {
  const words = username.split(PLAIN.test(username) ? NO_PLAIN_LETTER : NO_LETTER).filter(Boolean)
  const [first = username, second] = words
  const letters =
    second === undefined ? firstLetters(first, 2) : firstLetters(first, 1) + firstLetters(second, 1)
  return letters.toUpperCase()
}

function firstLetters(word: string, count: number): string {
  if (PLAIN.test(word)) return word.slice(0, count)
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)
  return Array.from(segments, ({ segment }) => segment)
    .slice(0, count)
    .join('')
}
