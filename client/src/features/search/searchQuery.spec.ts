import { expect, test } from 'vitest'

import { backendQuery, readFilters, searchAddress } from './searchQuery'

const none = { from: '', tag: '', language: '', after: '', before: '' }

test.each([
  ['ferry', none, 'ferry'],
  [' ferry ', { ...none, from: '@bruno', tag: '#harbour' }, 'ferry from:bruno tag:harbour'],
  [
    '',
    { ...none, after: '2026-01-31', before: '2026-02-28' },
    'after:2026-01-31 before:2026-02-28',
  ],
  ['"the ferry"', { ...none, language: 'es' }, '"the ferry"'],
  // A filter is one word: the rest would be searched for.
  ['', { ...none, from: 'bruno -ferry' }, 'from:bruno'],
])('%j with %j asks for %j', (words, filters, expected) => {
  expect(backendQuery(words, filters)).toBe(expected)
})

test('an address says only what is set, and is read back', () => {
  const filters = { ...none, from: 'bruno', after: '2026-01-31' }
  const address = searchAddress(' ferry ', 'relevance', filters)
  expect(address).toEqual({ q: 'ferry', from: 'bruno', after: '2026-01-31' })
  expect(readFilters({ from: 'bruno', after: '2026-01-31' })).toEqual(filters)
})
