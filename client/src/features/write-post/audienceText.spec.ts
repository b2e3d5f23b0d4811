import { afterEach, expect, test } from 'vitest'

import { chooseLanguage } from '@/i18n/language'

import { audienceText } from './audienceText'

function text(atOnce: number, inDigest: number, withoutMail = 0): string {
  const { reach, others } = audienceText({
    at_once: atOnce,
    in_digest: inDigest,
    without_mail: withoutMail,
  })
  return [reach, others].filter(Boolean).join(' ')
}

afterEach(() => chooseLanguage(null))

test.each<[number, number, number, string]>([
  [96, 32, 0, 'Goes to 128 readers: 96 at once, 32 in a digest.'],
  [1, 0, 0, 'Goes to 1 reader at once.'],
  [0, 1200, 0, 'Goes to 1,200 readers in a digest.'],
  [2, 0, 3, 'Goes to 2 readers at once. 3 more read it here.'],
  [0, 0, 0, 'Nobody gets your posts by mail yet; here everyone can read them.'],
])('%i at once, %i in a digest and %i without mail: %s', (atOnce, inDigest, without, words) => {
  expect(text(atOnce, inDigest, without)).toBe(words)
})

test('in Spanish, too', () => {
  chooseLanguage('es')
  expect(text(96, 32)).toBe('Llega a 128 lectores: a 96 enseguida, a 32 en un resumen.')
})
