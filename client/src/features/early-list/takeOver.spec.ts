import { page } from 'vitest/browser'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { found, network } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { post } from '@/testing/people'

import { giveWay, letEarlyListBeSeen, placeForClient } from './takeOver'

const never = new Promise<never>(() => undefined)

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

test('the early list stays until the client has posts of its own to show', async () => {
  let answer = (): void => undefined
  const after = new Promise<void>((resolve) => (answer = resolve))
  network.on('GET /posts', { ...found([post()]), after })
  window.earlyList = { frame }
  const place = placeForClient()
  await openApp('/')
  await expect.element(page.getByRole('link', { name: 'Early' })).toBeVisible()
  expect(place.checkVisibility()).toBe(false)
  answer()
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
