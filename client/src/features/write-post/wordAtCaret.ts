/** A tag or a mention that is being typed. */
export interface WordAtCaret {
  /** In UTF-16 units, as fields count: where its sign is. */
  start: number
  /** Where it ends, beyond the caret when that is inside of it. */
  end: number
  /** From its sign to the caret, as suggestions are asked for: `#har`, `@in`. */
  typed: string
}

const BEING_TYPED = /(?<=^|[\s("'¡¿])[#@][^\s#@]+$/u
const REST_OF_WORD = /^[\p{L}\p{M}\p{N}_-]*/u

/** The tag or mention the caret is in or behind, if any, with at least one character after its sign. */
export function wordAtCaret(text: string, caret: number): WordAtCaret | null {
  const match = BEING_TYPED.exec(text.slice(0, caret))
  if (!match) return null
  const rest = REST_OF_WORD.exec(text.slice(caret))?.[0] ?? ''
  return { start: match.index, end: caret + rest.length, typed: match[0] }
}
