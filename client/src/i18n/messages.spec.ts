import { expect, test } from 'vitest'

import en from '../../messages/en.json'
import es from '../../messages/es.json'

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
