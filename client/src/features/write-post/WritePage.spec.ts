import { page } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, post, user } from '@/testing/people'

const written = post({ author_id: alice.id, author_username: 'alice', title: 'Frost', tags: [] })

beforeEach(() => {
  network.on('GET /users/alice', found(user({ id: alice.id, username: 'alice', followers: 2 })))
})

async function write(title: string, content: string): Promise<void> {
  await page.getByLabelText('Title').fill(title)
  await page.getByLabelText('Text').fill(content)
  await page.getByRole('button', { name: 'Post it' }).click()
}

test('a post is sent as it was written, then shown', async () => {
  network.on('POST /posts', { ...found(written), status: 201 })
  const router = await openApp('/write', alice)
  await expect.element(page.getByText('Goes to 2 followers.')).toBeVisible()
  await write(' Frost', 'Overnight.\n')

  await expect.element(page.getByRole('heading', { name: 'Frost' })).toBeVisible()
  await expect.element(page.getByText('Posted.')).toBeVisible()
  expect(router.currentRoute.value.params).toEqual({ id: written.id })
  expect(network.sent('POST /posts')[0]?.body).toEqual({ title: ' Frost', content: 'Overnight.\n' })
})

test('the counters count characters as the server does', async () => {
  await openApp('/write', alice)
  await page.getByLabelText('Title').fill('🐚🐚')
  await expect.element(page.getByText('2 / 100')).toBeVisible()
  await expect.element(page.getByText('0 / 500')).toBeVisible()
})

test('white space is no title, and what is too long stays to be shortened', async () => {
  await openApp('/write', alice)
  await write('   ', 'x'.repeat(501))
  await expect.element(page.getByLabelText('Title')).toHaveFocus()
  await expect.element(page.getByText('Give it a title.')).toBeVisible()
  await expect.element(page.getByText('A post has at most 500 characters.')).toBeVisible()
  await expect.element(page.getByText('501 / 500')).toBeVisible()
  expect(network.sent('POST /posts')).toHaveLength(0)
})

test('an unreachable server loses nothing', async () => {
  await openApp('/write', alice)
  await write('Frost', 'Overnight.')
  const alert = page.getByRole('alert')
  await expect.element(alert).toHaveTextContent('The server cannot be reached.')
  await expect.element(alert).toHaveTextContent('What you wrote is kept')
  await expect.element(page.getByLabelText('Text')).toHaveValue('Overnight.')
})

test('a lost session keeps what was written until after signing in again', async () => {
  network.on('POST /posts', refused(401, 'no_session'))
  network.on('POST /auth/login', () => {
    network.on('GET /auth/session', found(alice))
    return found({ username: 'alice', email: alice.email })
  })
  await openApp('/write', alice)
  await write('Frost', 'Overnight.')
  await page.getByRole('link', { name: 'Sign in again' }).click()
  await page.getByLabelText('Username or email').fill('alice')
  await page.getByLabelText('Password').fill('12345678')
  await page.getByRole('button', { name: 'Sign in' }).click()

  await expect.element(page.getByLabelText('Title')).toHaveValue('Frost')
  await expect.element(page.getByLabelText('Text')).toHaveValue('Overnight.')
})

test('a draft is for the eyes of who wrote it', async () => {
  const router = await openApp('/write', alice)
  await page.getByLabelText('Title').fill('A secret')
  await router.push('/settings')
  network.on('POST /auth/logout', {})
  network.on('GET /posts', found([]))
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect.element(page.getByText('You are signed out.')).toBeVisible()

  const bruno = { ...alice, id: 'b', username: 'bruno' }
  network.on('GET /users/bruno', found(user()))
  await openApp('/write', bruno)
  await expect.element(page.getByLabelText('Title').last()).toHaveValue('')
})
