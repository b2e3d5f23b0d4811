import { page, userEvent } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import type { MailChoice } from '@/api'
import { expectNoBarrier } from '@/testing/barriers'
import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, post, user } from '@/testing/people'

const followMenu = (choice: string) => page.getByRole('button', { name: `mail ${choice}` })

async function choose(choice: string): Promise<void> {
  await page.getByRole('button', { name: 'Following, mail' }).click()
  await page.getByRole('menuitemradio', { name: choice }).click()
}

beforeEach(() => {
  network.on('GET /users/bruno', found(user()))
  network.on('GET /posts/bruno', found([post()]))
})

test('an author has a page with their posts', async () => {
  await openApp('/authors/bruno')
  await expect.element(page.getByRole('heading', { name: 'bruno' })).toBeVisible()
  await expect.element(page.getByText('7 followers')).toBeVisible()
  await expect
    .element(page.getByRole('heading', { name: 'The ferry leaves without us' }))
    .toBeVisible()
  await expect.element(page.getByRole('link', { name: 'Sign in to follow' })).toBeVisible()
})

test('following shows at once and asks how mail should come', async () => {
  let answer = (): void => undefined
  const after = new Promise<void>((resolve) => (answer = resolve))
  network.on('PUT /users/bruno/follow', ({ body }) => {
    const follow = body as { mail: MailChoice }
    network.on('GET /users/bruno', found(user({ followers: 8, follow })))
    return { ...found(follow), after }
  })
  await openApp('/authors/bruno', alice)
  await page.getByRole('button', { name: 'Follow bruno' }).click()

  await expect.element(followMenu('at once')).toBeVisible()
  await expect.element(page.getByText('8 followers')).toBeVisible()
  answer()

  await choose('in a digest')
  await expect.element(followMenu('in a digest')).toBeVisible()
  expect(network.sent('PUT /users/bruno/follow').map(({ body }) => body)).toEqual([
    { mail: 'immediate' },
    { mail: 'digest' },
  ])
})

test('of two quick choices the later one holds', async () => {
  let answerFirst = (): void => undefined
  const after = new Promise<void>((resolve) => (answerFirst = resolve))
  network.on('GET /users/bruno', found(user({ follow: { mail: 'immediate' } })))
  network.on('PUT /users/bruno/follow', ({ body }) => {
    const follow = body as { mail: MailChoice }
    network.on('GET /users/bruno', found(user({ follow })))
    return { ...found(follow), ...(follow.mail === 'none' && { after }) }
  })
  await openApp('/authors/bruno', alice)
  await choose('not at all')
  await choose('in a digest')
  await expect.element(followMenu('in a digest')).toBeVisible()
  expect(network.sent('PUT /users/bruno/follow')).toHaveLength(1)

  answerFirst()
  await expect.poll(() => network.sent('PUT /users/bruno/follow')).toHaveLength(2)
  await expect.poll(() => network.sent('GET /users/bruno')).toHaveLength(2)
  await expect.element(followMenu('in a digest')).toBeVisible()
})

test('the keyboard walks through the choices, and only Enter changes anything', async () => {
  network.on('GET /users/bruno', found(user({ follow: { mail: 'immediate' } })))
  network.on('PUT /users/bruno/follow', ({ body }) => {
    network.on('GET /users/bruno', found(user({ follow: body as { mail: MailChoice } })))
    return found(body)
  })
  await openApp('/authors/bruno', alice)
  await expect.element(followMenu('at once')).toBeVisible()
  followMenu('at once').element().focus()
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByRole('menuitemradio', { name: 'at once' })).toHaveFocus()
  await expect.element(page.getByRole('menuitemradio', { name: 'at once' })).toBeChecked()
  await userEvent.keyboard('{ArrowDown}{ArrowDown}')
  await expect.element(page.getByRole('menuitemradio', { name: 'not at all' })).toHaveFocus()
  await userEvent.keyboard('{Escape}')
  await expect.element(followMenu('at once')).toHaveFocus()
  expect(network.sent('PUT /users/bruno/follow')).toHaveLength(0)

  await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}')
  await expect.element(followMenu('in a digest')).toHaveFocus()
  expect(network.sent('PUT /users/bruno/follow').map(({ body }) => body)).toEqual([
    { mail: 'digest' },
  ])
})

test('axe finds no barrier in the open menu', async () => {
  network.on('GET /users/bruno', found(user({ follow: { mail: 'digest' } })))
  await openApp('/authors/bruno', alice)
  await followMenu('in a digest').click()
  await expect.element(page.getByRole('group', { name: 'Tell me by mail' })).toBeVisible()
  await expectNoBarrier()
})

test('a follow that is refused is taken back, and said', async () => {
  network.on('PUT /users/bruno/follow', refused(503, 'postgres_down'))
  await openApp('/authors/bruno', alice)
  await page.getByRole('button', { name: 'Follow bruno' }).click()

  await expect.element(page.getByRole('alert')).toHaveTextContent('not answering')
  await expect.element(page.getByRole('button', { name: 'Follow bruno' })).toBeVisible()
  await expect.element(page.getByText('7 followers')).toBeVisible()
})

test('one can stop following', async () => {
  network.on('GET /users/bruno', found(user({ follow: { mail: 'none' } })))
  network.on('DELETE /users/bruno/follow', () => {
    network.on('GET /users/bruno', found(user({ followers: 6 })))
    return {}
  })
  await openApp('/authors/bruno', alice)
  await followMenu('not at all').click()
  await page.getByRole('menuitem', { name: 'Stop following' }).click()
  await expect.element(page.getByRole('button', { name: 'Follow bruno' })).toBeVisible()
  await expect.element(page.getByText('6 followers')).toBeVisible()
})

test('nobody follows themselves', async () => {
  network.on('GET /users/alice', found(user({ id: alice.id, username: 'alice' })))
  network.on('GET /posts/alice', found([]))
  await openApp('/authors/alice', alice)
  await expect.element(page.getByText('You have not posted anything yet.')).toBeVisible()
  await expect.element(page.getByRole('button', { name: /Follow/ })).not.toBeInTheDocument()
})

test('an unknown name says so', async () => {
  network.on('GET /users/nobody', refused(404, 'not_found'))
  network.on('GET /posts/nobody', refused(404, 'not_found'))
  await openApp('/authors/nobody')
  await expect
    .element(page.getByRole('heading', { name: 'Nobody here is called nobody' }))
    .toBeVisible()
})

test('who follows an author, and whom they follow, are one tab away', async () => {
  const reader = { id: alice.id, username: 'alice', bio: 'Reads by the harbour.' }
  network.on('GET /users/bruno/followers', found([reader]))
  network.on('GET /users/bruno/following', found([]))
  const router = await openApp('/authors/bruno')
  await page.getByRole('link', { name: '7 followers' }).click()
  await expect.element(page.getByText('Reads by the harbour.')).toBeVisible()
  expect(router.currentRoute.value.fullPath).toBe('/authors/bruno/followers')
  await page.getByRole('link', { name: 'follows 2' }).click()
  await expect.element(page.getByText('bruno follows nobody yet.')).toBeVisible()
})

test('who follows nobody yet is led to people', async () => {
  network.on('GET /users/alice', found(user({ id: alice.id, username: 'alice', following: 0 })))
  network.on('GET /users/alice/following', found([]))
  await openApp('/authors/alice/following', alice)
  await expect.element(page.getByRole('link', { name: 'Find people to follow' })).toBeVisible()
  await expect.element(page.getByRole('link', { name: 'Edit your profile' })).toBeVisible()
})
