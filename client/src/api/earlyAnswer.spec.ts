import { afterEach, expect, test } from 'vitest'

import { listPosts } from '@/api'
import { found, network } from '@/testing/network'
import { post } from '@/testing/people'

import { keepEarlyAnswer, takeEarlyAnswer } from './earlyAnswer'

const ADDRESS = '/api/posts?limit=20'

afterEach(() => {
  delete window.earlyAnswer
})

test('what was asked early is not asked again, but what is asked later is', async () => {
  network.on('GET /posts', found([]))
  keepEarlyAnswer(ADDRESS, Promise.resolve(Response.json({ message: 'Got it!', data: [post()] })))
  const first = await listPosts({ query: { limit: 20 } })
  expect(first.data.data).toEqual([post()])
  expect(network.sent('GET /posts')).toEqual([])
  await listPosts({ query: { limit: 20 } })
  expect(network.sent('GET /posts')).toHaveLength(1)
})

test('an early answer is for its own address alone', () => {
  keepEarlyAnswer(ADDRESS, Promise.resolve(Response.json({})))
  expect(takeEarlyAnswer(new Request(`${ADDRESS}&before=b1`))).toBeUndefined()
  expect(takeEarlyAnswer(new Request(ADDRESS, { method: 'POST' }))).toBeUndefined()
  expect(takeEarlyAnswer(new Request(ADDRESS))).toBeDefined()
})
