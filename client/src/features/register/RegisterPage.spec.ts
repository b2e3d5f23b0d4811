import { page, userEvent } from 'vitest/browser'
import { expect, test } from 'vitest'

import { network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'

async function fillIn(username: string, email: string, password: string): Promise<void> {
  await page.getByLabelText('Username').fill(username)
  await page.getByLabelText('Email').fill(email)
  await page.getByLabelText('Password').fill(password)
}

const createAccount = () => page.getByRole('button', { name: 'Create the account' })

test('registering sends the three fields and says what to do next', async () => {
  network.on('POST /auth/register', { status: 201 })
  await openApp('/register')
  await fillIn('alice', 'alice@example.org', '12345678')
  await createAccount().click()

  await expect.element(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible()
  await expect.element(page.getByText('alice@example.org')).toBeVisible()
  expect(network.sent('POST /auth/register')[0]?.body).toEqual({
    username: 'alice',
    email: 'alice@example.org',
    password: '12345678',
  })
})

test('what the rules forbid is said at the field, and nothing is sent', async () => {
  await openApp('/register')
  await fillIn('al ice', 'nowhere', '1234567')
  await createAccount().click()

  await expect.element(page.getByText('A username has no spaces')).toBeVisible()
  await expect.element(page.getByText('This is not an email address.')).toBeVisible()
  await expect.element(page.getByText('A password has at least 8 characters.')).toBeVisible()
  await expect.element(page.getByLabelText('Username')).toHaveFocus()
  expect(network.sent('POST /auth/register')).toHaveLength(0)
})

test('a password is measured in characters, not in bytes or units', async () => {
  network.on('POST /auth/register', { status: 201 })
  await openApp('/register')
  await fillIn('alice', 'alice@example.org', '🐚'.repeat(8))
  await createAccount().click()
  await expect.element(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible()
})

test('a taken username is said at its field, gets the focus, and goes away with the next key', async () => {
  network.on(
    'POST /auth/register',
    refused(409, 'username_taken', { errors: { username: ['Taken.'] } }),
  )
  await openApp('/register')
  await fillIn('alice', 'alice@example.org', '12345678')
  await createAccount().click()

  const username = page.getByLabelText('Username')
  await expect.element(username).toHaveFocus()
  await expect.element(username).toHaveAccessibleDescription(/Someone already has this username/)
  await userEvent.keyboard('2')
  await expect.element(username).not.toHaveAccessibleDescription(/already/)
  await expect.element(page.getByLabelText('Password')).toHaveValue('12345678')
})

test('pressing twice registers once', async () => {
  let answer = (): void => undefined
  const after = new Promise<void>((resolve) => (answer = resolve))
  network.on('POST /auth/register', { status: 201, after })
  await openApp('/register')
  await fillIn('alice', 'alice@example.org', '12345678')
  await createAccount().click()
  await expect.element(createAccount()).toHaveAttribute('aria-busy', 'true')
  await userEvent.keyboard('{Enter}')
  answer()
  await expect.element(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible()
  expect(network.sent('POST /auth/register')).toHaveLength(1)
})
