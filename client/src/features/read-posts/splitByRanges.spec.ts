import { expect, test } from 'vitest'

import { splitByRanges, type CodePointRange } from './splitByRanges'

function shown(text: string, ranges: readonly CodePointRange[]): string {
  return splitByRanges(text, ranges)
    .map((part) => (part.marked ? `[${part.text}]` : part.text))
    .join('')
}

test.each<[string, CodePointRange[], string]>([
  ['The ferry leaves', [[4, 9]], 'The [ferry] leaves'],
  // Code points: the shell is one of them, and two UTF-16 units.
  ['🐚 sea 🐚 shell', [[8, 13]], '🐚 sea 🐚 [shell]'],
  [
    'one two',
    [
      [4, 7],
      [0, 3],
    ],
    '[one] [two]',
  ],
  [
    'abcdef',
    [
      [0, 3],
      [2, 5],
    ],
    '[abcde]f',
  ],
  ['abc', [[1, 99]], 'a[bc]'],
  ['abc', [[5, 9]], 'abc'],
  ['abc', [], 'abc'],
  ['', [[0, 1]], ''],
])('%s marked at %j is %s', (text, ranges, expected) => {
  expect(shown(text, ranges)).toBe(expected)
})
