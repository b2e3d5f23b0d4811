import { expect, test } from 'vitest'

import { readCode } from './readCode'

test.each([
  ['a1b2c3', 'a1b2c3'],
  ['A1B2C3', 'a1b2c3'],
  [' a1b 2c3\n', 'a1b2c3'],
  ['a1-b2-c3', 'a1b2c3'],
  ['Your code is a1b2c3.', 'a1b2c3'],
  ['a1b2c3d4', 'a1b2c3'],
  ['a1', 'a1'],
  ['xyz', ''],
])('%j is read as %j', (text, code) => {
  expect(readCode(text, 6)).toBe(code)
})
