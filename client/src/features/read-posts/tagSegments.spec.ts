import { expect, test } from 'vitest'

import { tagSegments } from './tagSegments'

function shown(text: string, tags: string[]): string {
  return tagSegments(text, tags)
    .map((segment) => (segment.tag === null ? segment.text : `[${segment.text}→${segment.tag}]`))
    .join('')
}

test.each([
  ['Take the early boat. #Harbour', ['harbour'], 'Take the early boat. [#Harbour→harbour]'],
  ['#a#b', ['a', 'b'], '[#a→a][#b→b]'],
  ['#first-frost today', ['first-frost'], '[#first-frost→first-frost] today'],
  ['#first-frost today', ['first'], '[#first→first]-frost today'],
  ['#año', ['año'], '[#año→año]'],
  ['C# and issue #7', [], 'C# and issue #7'],
  ['', ['harbour'], ''],
])('%s with the tags %j is %s', (text, tags, expected) => {
  expect(shown(text, tags)).toBe(expected)
})
