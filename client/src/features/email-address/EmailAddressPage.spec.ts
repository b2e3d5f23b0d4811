import { page } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, ownAccount } from '@/testing/people'

const password = () => page.getByLabelText('Current password')

async function change(email: string): Promise<void> {
  await page.getByLabelText('New email address').fill(email)
  await password().fill('12345678')
  await page.getByRole('button', { name: 'Change the address' }).click()
}

beforeEach(() => network.on('GET /users/me', found(ownAccount())))

test('a new address waits for its confirmation, and the page says so', async () => {
  network.on('PATCH /users/me', () => {
    const account = found(ownAccount({ pending_email: 'alice@elsewhere.org' }))
    network.on('GET /users/me', account)
    return account
  })
  network.on('POST /auth/send-confirmation', {})
  await openApp('/settings/email', alice)
  await expect.element(page.getByText('alice@example.org is confirmed')).toBeVisible()
  await change('alice@elsewhere.org')
  await expect.element(page.getByText('alice@elsewhere.org is waiting')).toBeVisible()
  await expect.element(password()).toHaveValue('')
  expect(network.sent('PATCH /users/me')[0]?.body).toEqual({
    email: 'alice@elsewhere.org',
    currentPassword: '12345678',
  })
  await page.getByRole('button', { name: 'Send the link again' }).click()
  await expect.element(page.getByText('We have sent a link to alice@elsewhere.org')).toBeVisible()
})

test('a wrong password is said at its field, and the address stays typed', async () => {
  network.on(
    'PATCH /users/me',
    refused(422, 'wrong_password', { errors: { currentPassword: ['No.'] } }),
  )
  await openApp('/settings/email', alice)
  await change('alice@elsewhere.org')
  await expect.element(page.getByText('This is not your password.')).toBeVisible()
  await expect.element(password()).toHaveFocus()
  await expect.element(page.getByLabelText('New email address')).toHaveValue('alice@elsewhere.org')
})

test('the address one has already is not sent', async () => {
  await openApp('/settings/email', alice)
  await change('alice@example.org')
  await expect.element(page.getByText('This is your address already.')).toBeVisible()
  expect(network.sent('PATCH /users/me')).toHaveLength(0)
})

test('a lost session keeps the address that was typed, never the password', async () => {
  network.on('PATCH /users/me', refused(401, 'not_signed_in'))
  const router = await openApp('/settings/email', alice)
  await change('alice@elsewhere.org')
  await expect.element(page.getByRole('link', { name: 'Sign in again' })).toBeVisible()
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('12345678')
  network.on('POST /auth/login', () => {
    network.on('GET /auth/session', found(alice))
    return found({})
  })
  await page.getByRole('link', { name: 'Sign in again' }).click()
  await page.getByLabelText('Username or email').fill('alice')
  await page.getByLabelText('Password').fill('12345678')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.element(page.getByLabelText('New email address')).toHaveValue('alice@elsewhere.org')
  expect(router.currentRoute.value.fullPath).toBe('/settings/email')
})
