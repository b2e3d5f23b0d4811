import { page } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, ownAccount } from '@/testing/people'

const save = () => page.getByRole('button', { name: 'Save' })
const aboutYou = () => page.getByLabelText('About you')

beforeEach(() => network.on('GET /users/me', found(ownAccount())))

test('the profile is saved as it was typed', async () => {
  network.on('PATCH /users/me', () => found(ownAccount({ bio: 'Writes, too.' })))
  await openApp('/settings/profile', alice)
  await aboutYou().fill('Writes, too.')
  await save().click()
  await expect.element(page.getByText('Your profile is saved.')).toBeVisible()
  expect(network.sent('PATCH /users/me')[0]?.body).toEqual({
    username: 'alice',
    bio: 'Writes, too.',
  })
})

test('a name that somebody has is said at the field', async () => {
  network.on(
    'PATCH /users/me',
    refused(409, 'username_taken', { errors: { username: ['Taken.'] } }),
  )
  await openApp('/settings/profile', alice)
  await page.getByLabelText('Username').fill('bruno')
  await save().click()
  await expect.element(page.getByText('Someone already has this username.')).toBeVisible()
  await expect.element(page.getByLabelText('Username')).toHaveFocus()
})

test('a bio that is too long is not sent', async () => {
  await openApp('/settings/profile', alice)
  await aboutYou().fill('a'.repeat(301))
  await save().click()
  await expect.element(page.getByText('This has at most 300 characters.')).toBeVisible()
  expect(network.sent('PATCH /users/me')).toHaveLength(0)
})

test('a lost session keeps what was typed until after signing in again', async () => {
  network.on('PATCH /users/me', refused(401, 'not_signed_in'))
  const router = await openApp('/settings/profile', alice)
  await aboutYou().fill('Half a sentence')
  await save().click()
  await page.getByRole('link', { name: 'Sign in again' }).click()
  network.on('POST /auth/login', () => {
    network.on('GET /auth/session', found(alice))
    return found({})
  })
  await page.getByLabelText('Username or email').fill('alice')
  await page.getByLabelText('Password').fill('12345678')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.element(aboutYou()).toHaveValue('Half a sentence')
  expect(router.currentRoute.value.fullPath).toBe('/settings/profile')
})

test('hiding the address holds at once, and returns when refused', async () => {
  let answer = (): void => undefined
  const after = new Promise<void>((resolve) => (answer = resolve))
  network.on('PATCH /users/me', { ...refused(503, 'part_unavailable'), after })
  await openApp('/settings/profile', alice)
  const onlyYou = page.getByRole('radio', { name: 'Only you' })
  await onlyYou.click()
  await expect.element(onlyYou).toBeChecked()
  expect(network.sent('PATCH /users/me')[0]?.body).toEqual({ show_email: false })
  answer()
  await expect.element(page.getByRole('alert')).toHaveTextContent('not answering')
  await expect.element(page.getByRole('radio', { name: 'Everyone' })).toBeChecked()
})
