import { expect, test } from 'vitest'
import { createMemoryHistory } from 'vue-router'

import { createAppRouter } from '@/app/router'

import { addressOf, type EarlyTarget } from './addressOf'

const targets: EarlyTarget[] = [
  { name: 'post', params: { id: '019ab1c2-0000-7000-8000-00000000a100' } },
  { name: 'author', params: { username: 'inés.quiroga' } },
  { name: 'author', params: { username: 'a/b c?d#e%' } },
  { name: 'search', query: { q: '#größe-2' } },
]

test.each(targets)('a link leads where the router leads: $name', (target) => {
  const router = createAppRouter(createMemoryHistory())
  expect(addressOf(target)).toBe(router.resolve(target).href)
})
