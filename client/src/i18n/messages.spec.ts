import { expect, test } from 'vitest'

import { m } from '@/paraglide/messages'

import en from '../../messages/en.json'
import es from '../../messages/es.json'
import { languages } from './language'

const sources = import.meta.glob<string>(
  ['/src/**/*.{vue,ts}', '!/src/paraglide/**', '!/src/api/generated/**'],
  { query: '?raw', import: 'default', eager: true },
)
const everything = Object.values(sources).join('\n')
const keys = Object.keys(en) as (keyof typeof en)[]

function texts(message: unknown): string[] {
  if (typeof message === 'string') return [message]
  const [{ match }] = message as [{ match: Record<string, string> }]
  return Object.values(match)
}

function placeholders(message: unknown): string {
  return [...new Set(JSON.stringify(message).match(/\{\w+\}/g))].toSorted().join()
}

test('both languages have the same messages', () => {
  expect(Object.keys(es)).toEqual(keys)
})

test('no message is empty in either language', () => {
  const empty = keys.filter((key) =>
    [...texts(en[key]), ...texts(es[key])].some((text) => !text.trim()),
  )
  expect(empty).toEqual([])
})

test('a message has the same placeholders in both languages', () => {
  expect(keys.filter((key) => placeholders(en[key]) !== placeholders(es[key]))).toEqual([])
})

test('every message is used', () => {
  expect(keys.filter((key) => !new RegExp(`\\bm\\.${key}\\b`).test(everything))).toEqual([])
})

test('everything that is said in words is translated', () => {
  const words = (text: string) => text.replaceAll(/\{\w+\}/g, '').match(/\p{L}/u)
  expect(
    keys.filter((key) =>
      texts(en[key]).some((text, place) => words(text) && text === texts(es[key])[place]),
    ),
  ).toEqual([])
})

// Spanish counts whole millions as a kind of their own.
test.each([0, 1, 2, 11, 1_000_000])(
  'every counted message has words for %d in both languages',
  (count) => {
    const counted = keys.filter((key) => typeof en[key] !== 'string')
    const shown = Object.fromEntries(
      counted
        .flatMap((key) => placeholders(en[key]).match(/\w+/g) ?? [])
        .map((name) => [name, 'x']),
    )
    const speechless = counted.flatMap((key) =>
      languages
        .filter((locale) => {
          const message = m[key] as (inputs: object, options: object) => string
          return message({ ...shown, count }, { locale }) === key
        })
        .map((locale) => `${key} in ${locale}: give it a countPlural=*`),
    )
    expect(counted).not.toEqual([])
    expect(speechless).toEqual([])
  },
)
