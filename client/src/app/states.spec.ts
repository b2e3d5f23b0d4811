import { page } from 'vitest/browser'
import { afterEach, describe, expect, test, vi } from 'vitest'

import type { Session } from '@/api'
import { undo } from '@/features/undo/lastChance'
import { expectNoBarrier } from '@/testing/barriers'
import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, ownAccount, post, user } from '@/testing/people'

const own = post({ author_id: alice.id, author_username: 'alice' })
const never = new Promise(() => undefined)

/** Every page that shows something the backend has to tell first. */
const READING: [path: string, as: Session | null][] = [
  ['/', null],
  ['/following', alice],
  ['/authors/bruno', null],
  ['/authors/bruno/followers', alice],
  ['/authors/bruno/following', null],
  [`/posts/${post().id}`, alice],
  [`/posts/${post().id}/edit`, alice],
  ['/search?q=ferry', null],
  ['/people', null],
  ['/unsubscribe/t0ken', null],
  ['/settings/profile', alice],
  ['/settings/email', alice],
  ['/settings/browsers', alice],
]

/** Of an author who is there, but whose list is not. */
function onlyTheAuthor(): void {
  network.on('GET /users/bruno', found(user()))
}

afterEach(() => undo())

test.each(READING)('%s draws what is on its way, without a barrier', async (path, as) => {
  network.onAnythingElse({ after: never })
  await openApp(path, as)
  await expect.poll(() => document.querySelector('.loading')).not.toBeNull()
  await expectNoBarrier()
})

test.each(READING)(
  '%s says that the server failed, by which request, and tries again',
  async (path, as) => {
    network.onAnythingElse(refused(500, 'internal_error', { headers: { 'X-Request-ID': 'f00d' } }))
    if (path.startsWith('/authors/bruno/')) onlyTheAuthor()
    await openApp(path, as)
    await expect.element(page.getByRole('alert').first()).toHaveTextContent('The server failed')
    await expect.element(page.getByText('request f00d').first()).toBeVisible()
    await expectNoBarrier()

    const before = network.requests.length
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await expect.poll(() => network.requests.length).toBeGreaterThan(before)
  },
)

test.each(READING)('%s says how long to wait when it was asked too often', async (path, as) => {
  network.onAnythingElse(refused(429, 'too_often', { headers: { 'Retry-After': '40' } }))
  if (path.startsWith('/authors/bruno/')) onlyTheAuthor()
  await openApp(path, as)
  await expect.element(page.getByRole('alert').first()).toHaveTextContent('40 seconds')
  await expect.element(page.getByRole('button', { name: 'Try again' }).first()).toBeVisible()
})

test.each(READING)('%s draws that one is offline', async (path, as) => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  if (path.startsWith('/authors/bruno/')) onlyTheAuthor()
  await openApp(path, as)
  await expect.element(page.getByRole('heading', { name: 'You are offline' })).toBeVisible()
  await expectNoBarrier()
})

describe('without a barrier is', () => {
  test.each([
    ['/', null],
    ['/following', alice],
    ['/authors/alice', alice],
    ['/authors/bruno', null],
    ['/authors/alice/followers', alice],
    ['/authors/bruno/following', null],
    ['/people?name=zz', null],
    ['/search?q=xylophonist', null],
  ] satisfies typeof READING)('%s with nothing in it', async (path, as) => {
    network.onAnythingElse(found([]))
    network.on('GET /users/bruno', found(user()))
    network.on('GET /users/alice', found(user({ id: alice.id, username: 'alice' })))
    await openApp(path, as)
    await expect.poll(() => document.querySelector('.empty')).not.toBeNull()
    await expectNoBarrier()
  })

  test.each([
    ['/register', null, 'Create the account'],
    ['/sign-in', null, 'Sign in'],
    ['/forgot-password', null, 'Send the code'],
    ['/reset-password', null, 'Set the password'],
    ['/write', alice, 'Post it'],
    ['/settings/password', alice, 'Change the password'],
    ['/settings/email', alice, 'Change the address'],
  ] satisfies [string, Session | null, string][])(
    '%s with fields that are wrong',
    async (path, as, button) => {
      network.on('GET /users/me', found(ownAccount()))
      await openApp(path, as)
      await page.getByRole('main').getByRole('button', { name: button }).click()
      await expect.poll(() => document.querySelector('[aria-invalid="true"]')).not.toBeNull()
      await expectNoBarrier()
    },
  )

  test('a post that its author can have back', async () => {
    network.on(`GET /posts/${own.id}`, found(own))
    network.on('GET /users/alice', found(user({ id: alice.id, username: 'alice' })))
    network.on('GET /posts/alice', found([own]))
    await openApp(`/posts/${own.id}`, alice)
    await page.getByRole('button', { name: 'Delete' }).click()
    await expect.element(page.getByRole('button', { name: 'Undo' })).toBeVisible()
    await expectNoBarrier()
  })

  test('the list of what can complete a word', async () => {
    network.on('GET /search/suggestions', found([{ kind: 'tag', text: 'harbour' }]))
    await openApp('/write', alice)
    await page.getByLabelText('Text').fill('Fog in the #har')
    await expect.element(page.getByRole('option', { name: 'harbour' })).toBeVisible()
    await expectNoBarrier()
  })

  test('the question before an account is deleted', async () => {
    await openApp('/settings/data', alice)
    await page.getByLabelText('Current password').fill('a-horse-battery')
    await page.getByRole('button', { name: 'Delete the account' }).click()
    await expect.element(page.getByRole('dialog')).toBeVisible()
    await expectNoBarrier()
  })

  test('what is close to a post of one’s own', async () => {
    network.on(`GET /posts/${own.id}`, found(own))
    network.on('POST /posts', refused(409, 'near_copy', { details: { post_id: own.id } }))
    await openApp('/write', alice)
    await page.getByLabelText('Title').fill('The ferry leaves')
    await page.getByLabelText('Text').fill('Nine people on the quay.')
    await page.getByRole('button', { name: 'Post it' }).click()
    await expect.element(page.getByRole('button', { name: 'Post it anyway' })).toBeVisible()
    await expectNoBarrier()
  })
})
