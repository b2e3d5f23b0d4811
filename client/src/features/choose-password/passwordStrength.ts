/** How long a password would withstand somebody who guesses, as far as one can tell from its letters. */
export type PasswordStrength = 'weak' | 'fair' | 'strong'

const FAIR_BITS = 40
const STRONG_BITS = 60
const LETTER = /\p{L}/u
const LETTER_IN_WORD_BITS = 2.8
const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']
// A word that everybody's passwords begin with is worth no more than this.
const COMMON_WORD_BITS = 8
const COMMON_WORDS =
  /password|passwort|contrase|letmein|welcome|iloveyou|teamo|dragon|monkey|football|futbol|baseball|superman|batman|princes|sunshine|master|admin|login|secret|qwerty|asdf|decoupled/gu
const POOLS: [RegExp, number][] = [
  [/\p{Ll}/u, 26],
  [/\p{Lu}/u, 26],
  [/\p{N}/u, 10],
  [/[^\p{L}\p{N}]/u, 33],
  [/[^\u0020-\u007e]/u, 100],
]

/**
 * Rates a password by the entropy of its characters, in bits. A letter after a letter is taken for part of a word, what
 * goes on as before (repetitions, steps along the alphabet or the keyboard) adds nothing, and common words and one's own
 * names add little.
 *
 * @param known words that others know of the member: username, email address
 */
export function passwordStrength(password: string, known: readonly string[]): PasswordStrength {
  const bits = entropyBits(password, known)
  if (bits < FAIR_BITS) return 'weak'
  return bits < STRONG_BITS ? 'fair' : 'strong'
}

function entropyBits(password: string, known: readonly string[]): number {
  let words = 0
  let rest = password.toLowerCase()
  const drop = (word: string | RegExp): void => {
    rest = rest.replaceAll(word, () => {
      words += 1
      return ''
    })
  }
  for (const name of known.flatMap((text) => text.toLowerCase().split('@'))) {
    if (name.length > 2) drop(name)
  }
  drop(COMMON_WORDS)
  const size = POOLS.reduce((sum, [kind, count]) => sum + (kind.test(password) ? count : 0), 0)
  return words * COMMON_WORD_BITS + bitsOfCharacters(rest, Math.log2(size || 1))
}

function bitsOfCharacters(text: string, bitsOfOne: number): number {
  const characters = Array.from(text)
  return characters.reduce((sum, character, place) => {
    const [beforeThat, before] = [characters[place - 2], characters[place - 1]]
    if (isForeseen(beforeThat, before, character)) return sum
    const inWord = before !== undefined && LETTER.test(before) && LETTER.test(character)
    return sum + (inWord ? LETTER_IN_WORD_BITS : bitsOfOne)
  }, 0)
}

/** Whether a character makes the same step as the one before: `aa` → `a`, `ab` → `c`, `qw` → `e`, `98` → `7`. */
function isForeseen(beforeThat = '', before = '', character: string): boolean {
  if (beforeThat === before && before === character) return true
  const run = beforeThat + before + character
  const reversed = character + before + beforeThat
  return run.length === 3 && RUNS.some((known) => known.includes(run) || known.includes(reversed))
}
