import { page } from 'vitest/browser'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { network } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { post } from '@/testing/people'

import { giveWay, letEarlyListBeSeen, placeForClient, takeEarlyAnswer } from './takeOver'

const ADDRESS = '/api/posts?limit=20'
const never = new Promise<never>(() => undefined)

function listOf(...posts: object[]): Promise<Response> {
  return Promise.resolve(Response.json({ message: 'Got it!', data: posts }))
}

/** A page as index.html has it, in which the early list may have drawn. */
let frame: HTMLElement

beforeEach(() => {
  frame = document.createElement('div')
  frame.id = 'app'
  frame.innerHTML = '<main><a href="/posts/1">Early</a></main>'
  document.body.append(frame)
})

afterEach(() => {
  document.querySelector('#app')?.remove()
  delete window.earlyList
})

test('what was asked early is not asked again, but what is asked later is', async () => {
  window.earlyList = { answer: { address: ADDRESS, response: listOf(post()) } }
  await openApp('/')
  await expect.element(page.getByRole('link', { name: 'The ferry leaves' })).toBeVisible()
  expect(network.sent('GET /posts')).toEqual([])
  document.dispatchEvent(new Event('visibilitychange'))
  await expect.poll(() => network.sent('GET /posts')).toHaveLength(1)
})

test('an early answer is for its own address alone', () => {
  window.earlyList = { answer: { address: ADDRESS, response: listOf() } }
  const other = new Request(`${ADDRESS}&before=b1`)
  expect(takeEarlyAnswer(other)).toBeUndefined()
  expect(takeEarlyAnswer(new Request(ADDRESS, { method: 'POST' }))).toBeUndefined()
  expect(takeEarlyAnswer(new Request(ADDRESS))).toBeDefined()
})

test('the early list stays until the client has posts of its own to show', async () => {
  let answer = (_response: Response): void => undefined
  const response = new Promise<Response>((resolve) => (answer = resolve))
  window.earlyList = { frame, answer: { address: ADDRESS, response } }
  const place = placeForClient()
  await openApp('/')
  await expect.element(page.getByRole('link', { name: 'Early' })).toBeVisible()
  expect(place.checkVisibility()).toBe(false)
  answer(await listOf(post()))
  await expect.element(page.getByRole('link', { name: 'Early' })).not.toBeInTheDocument()
  expect(place.checkVisibility()).toBe(true)
})

test('who is on a link is on the same link of the client', () => {
  window.earlyList = { frame }
  const place = placeForClient()
  place.innerHTML = '<a href="/">Home</a><a href="/posts/1">Drawn</a>'
  frame.querySelector('a')?.focus()
  giveWay()
  expect(document.activeElement?.textContent).toBe('Drawn')
})

test('without an early list the client draws in the page at once', () => {
  expect(placeForClient()).toBe(frame)
  giveWay()
  expect(frame.checkVisibility()).toBe(true)
})

test('an early list that would come after the client is told so', () => {
  placeForClient()
  expect(window.earlyList?.isClientThere).toBe(true)
})

test('the client waits for the early list, but not for long', async () => {
  let isSeen = false
  const settled = Promise.resolve().then(() => void (isSeen = true))
  window.earlyList = { settled }
  await letEarlyListBeSeen()
  expect(isSeen).toBe(true)
  window.earlyList = { settled: never }
  await letEarlyListBeSeen()
})
