import { page } from 'vitest/browser'
import { expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice } from '@/testing/people'

test('the link in the mail confirms the address', async () => {
  network.on('POST /auth/confirm-email', {})
  await openApp('/confirm-email?token=t0ken')
  await expect.element(page.getByText('The address is confirmed.')).toBeVisible()
  await expect.element(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toBeVisible()
  expect(network.sent('POST /auth/confirm-email').map(({ body }) => body)).toEqual([
    { token: 't0ken' },
  ])
})

test('a used or old link says where to get a new one', async () => {
  network.on('POST /auth/confirm-email', refused(422, 'invalid_confirmation_token'))
  await openApp('/confirm-email?token=t0ken')
  await expect.element(page.getByRole('alert')).toHaveTextContent('used, too old or incomplete')
  await expect.element(page.getByRole('link', { name: /in the settings/ })).toBeVisible()
})

test('who has not confirmed is reminded and can have the link sent again', async () => {
  network.on('GET /posts', found([]))
  network.on('POST /auth/send-confirmation', {})
  await openApp('/', { ...alice, email_confirmed: false })
  await expect.element(page.getByText('alice@example.org is not confirmed yet')).toBeVisible()
  await page.getByRole('button', { name: 'Send the link again' }).click()
  await expect.element(page.getByText('We have sent a link to alice@example.org.')).toBeVisible()
})
