import { expect, test } from 'vitest'

import { wordAtCaret } from './wordAtCaret'

/** The caret is where the bar is. */
function completed(textWithCaret: string): string | null {
  const caret = textWithCaret.indexOf('|')
  const text = textWithCaret.replace('|', '')
  const word = wordAtCaret(text, caret)
  return word && `${word.typed} of ${text.slice(word.start, word.end)}`
}

test.each([
  ['Take the boat #har|', '#har of #har'],
  ['#har|bour today', '#har of #harbour'],
  ['(@in|', '@in of @in'],
  ['¡@inés|!', '@inés of @inés'],
  ['🐚 #añ|', '#añ of #añ'],
  ['a #|', null],
  ['#harbour |', null],
  ['me@example|', null],
  ['C#|', null],
  ['plain wor|', null],
  ['|#harbour', null],
])('in %s %s is being typed', (text, expected) => {
  expect(completed(text)).toBe(expected)
})
