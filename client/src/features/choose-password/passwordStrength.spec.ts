import { expect, test } from 'vitest'

import { passwordStrength } from './passwordStrength'

test.each([
  '12345678',
  'aaaaaaaaaaaaaaaa',
  'qwertyuiop',
  'abcdefghijklmnop',
  'Password1!',
  'football99',
  'alice1990',
  'alice@example.org',
])('%s is weak', (password) => {
  expect(passwordStrength(password, ['alice', 'alice@example.org'])).toBe('weak')
})

test.each(['Kj4$pw9!', 'harbour7boat'])('%s is fair', (password) => {
  expect(passwordStrength(password, ['alice'])).toBe('fair')
})

test.each(['correct-horse-battery', 'v8Qz!r2mXw#t', 'ñandúes-bajo-la-lluvia'])(
  '%s is strong',
  (password) => {
    expect(passwordStrength(password, ['alice'])).toBe('strong')
  },
)

test('a name that others know is worth little', () => {
  expect(passwordStrength('josephine-in-march', [])).toBe('strong')
  expect(passwordStrength('josephine-in-march', ['josephine'])).not.toBe('strong')
})
