import { expect, test } from 'vitest'

import { drawStamp, initials } from './drawing'

test('the same author always gets the same stamp', () => {
  expect(drawStamp('019ab1c2-0000-7000-8000-00000000a100')).toEqual({ hue: 150, pattern: 'waves' })
  expect(drawStamp('019ab1c2-0000-7000-8000-000000000b03')).toEqual({ hue: 330, pattern: 'hills' })
})

test.each([
  ['el_atla', 'EA'],
  ['reiter', 'RE'],
  ['inés.quiroga', 'IQ'],
  ['x', 'X'],
  ['__', '__'],
  ['👩‍🚀👍', '👩‍🚀👍'],
])('the initials of %s are %s', (username, letters) => {
  expect(initials(username)).toBe(letters)
})
