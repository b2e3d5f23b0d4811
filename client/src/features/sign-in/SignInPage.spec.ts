import { page } from 'vitest/browser'
import { expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice } from '@/testing/people'

async function signIn(): Promise<void> {
  await page.getByLabelText('Username or email').fill('alice')
  await page.getByLabelText('Password').fill('12345678')
  await page.getByRole('button', { name: 'Sign in' }).click()
}

function acceptPassword(): void {
  network.on('POST /auth/login', () => {
    network.on('GET /auth/session', found(alice))
    return found({ username: 'alice', email: alice.email })
  })
  network.on('GET /posts', found([]))
  network.on('GET /feed', found([]))
}

test('signing in opens the posts, with the words of a member', async () => {
  acceptPassword()
  const router = await openApp('/sign-in')
  await signIn()
  await expect.element(page.getByRole('link', { name: 'Write', exact: true })).toBeVisible()
  await expect.poll(() => router.currentRoute.value.name).toBe('home')
  expect(network.sent('POST /auth/login')[0]?.body).toEqual({
    username: 'alice',
    password: '12345678',
  })
})

test('signing in goes on to the page that asked for it', async () => {
  acceptPassword()
  const router = await openApp('/following')
  await expect.element(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await signIn()
  await expect.element(page.getByText('you follow nobody who has posted')).toBeVisible()
  expect(router.currentRoute.value.fullPath).toBe('/following')
})

test.each(['//evil.example', 'https://evil.example', '/\\evil.example'])(
  'signing in never goes on to %s',
  async (foreign) => {
    acceptPassword()
    const router = await openApp(`/sign-in?return=${encodeURIComponent(foreign)}`)
    await signIn()
    await expect.element(page.getByRole('link', { name: 'Write', exact: true })).toBeVisible()
    await expect.poll(() => router.currentRoute.value.fullPath).toBe('/')
  },
)

test('a stranger is not asked who they are before a page needs to know', async () => {
  network.on('GET /posts', found([]))
  const router = await openApp('/')
  await expect.element(page.getByRole('link', { name: 'Register' })).toBeVisible()
  expect(network.sent('GET /auth/session')).toHaveLength(0)
  await router.push('/write')
  expect(network.sent('GET /auth/session')).toHaveLength(1)
  expect(router.currentRoute.value.fullPath).toBe('/sign-in?return=/write')
})

test('a wrong password says what to do and keeps what was typed', async () => {
  network.on('POST /auth/login', refused(401, 'wrong_credentials'))
  await openApp('/sign-in')
  await signIn()
  await expect.element(page.getByRole('alert')).toHaveTextContent('do not fit together')
  await expect.element(page.getByLabelText('Username or email')).toHaveValue('alice')
  await expect.element(page.getByRole('link', { name: 'Sign in again' })).not.toBeInTheDocument()
})

test('too many tries say when to come back', async () => {
  network.on('POST /auth/login', refused(429, 'too_often', { headers: { 'Retry-After': '90' } }))
  await openApp('/sign-in')
  await signIn()
  await expect.element(page.getByRole('alert')).toHaveTextContent('Try again in 2 minutes.')
})

test('the fields are what password managers look for', async () => {
  await openApp('/sign-in')
  await expect
    .element(page.getByLabelText('Username or email'))
    .toHaveAttribute('autocomplete', 'username')
  await expect
    .element(page.getByLabelText('Password'))
    .toHaveAttribute('autocomplete', 'current-password')
})
