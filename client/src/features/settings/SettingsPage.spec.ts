import { page } from 'vitest/browser'
import { expect, test } from 'vitest'

import { found, network } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, preferences } from '@/testing/people'

test('a stranger chooses only how this browser shows things', async () => {
  await openApp('/settings')
  await expect.element(page.getByRole('radio', { name: 'Español' })).toBeVisible()
  await expect.element(page.getByRole('link', { name: 'Profile' })).not.toBeInTheDocument()
})

test('each part of the account is one link away, and leads back', async () => {
  await openApp('/settings', alice)
  await page.getByRole('link', { name: 'Your data' }).click()
  await expect.element(page.getByRole('heading', { name: 'Your data' })).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Settings' }).click()
  await expect.element(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
})

test('the settings of an account are for who is signed in', async () => {
  const router = await openApp('/settings/profile')
  expect(router.currentRoute.value.fullPath).toBe('/sign-in?return=/settings/profile')
})

test.each([
  ['bounced', 'comes back', true],
  ['complained', 'was marked as spam', false],
  ['suppressed', 'does not deliver', false],
] as const)('an address that %s is told, with what helps', async (problem, words, confirmable) => {
  network.on('GET /notifications/preferences', found(preferences({ address_problem: problem })))
  network.on('POST /auth/send-confirmation', {})
  await openApp('/settings', alice)
  await expect.element(page.getByText(words)).toBeVisible()
  await expect.element(page.getByRole('link', { name: 'Change the address' })).toBeVisible()
  const confirm = page.getByRole('button', { name: 'Send the link again' })
  if (!confirmable) {
    await expect.element(confirm).not.toBeInTheDocument()
    return
  }
  await confirm.click()
  await expect.element(page.getByText('We have sent a link to alice@example.org')).toBeVisible()
})
