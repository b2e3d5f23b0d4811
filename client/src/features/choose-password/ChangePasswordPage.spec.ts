import { page } from 'vitest/browser'
import { expect, test } from 'vitest'

import { network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice } from '@/testing/people'

const newPassword = () => page.getByLabelText('New password')

async function change(from: string, to: string): Promise<void> {
  await page.getByLabelText('Current password').fill(from)
  await newPassword().fill(to)
  await page.getByRole('button', { name: 'Change the password' }).click()
}

test('a new password is sent with the current one', async () => {
  network.on('PUT /auth/password', {})
  await openApp('/settings/password', alice)
  await change('12345678', 'harbour-in-march')
  await expect.element(page.getByText('Every other browser is signed out.')).toBeVisible()
  expect(network.sent('PUT /auth/password')[0]?.body).toEqual({
    currentPassword: '12345678',
    newPassword: 'harbour-in-march',
  })
})

test('how strong a password is shows while it is typed', async () => {
  await openApp('/settings/password', alice)
  await newPassword().fill('alice1234')
  await expect.element(page.getByText('Easy to guess')).toBeVisible()
  await newPassword().fill('harbour-in-march-again')
  await expect.element(page.getByText('Very hard to guess')).toBeVisible()
})

test('what one types can be looked at', async () => {
  await openApp('/settings/password', alice)
  await newPassword().fill('harbour-in-march')
  await expect.element(newPassword()).toHaveAttribute('type', 'password')
  await page.getByRole('button', { name: 'Show it' }).click()
  await expect.element(newPassword()).toHaveAttribute('type', 'text')
})

test('a password that the server finds too common is said in the own language', async () => {
  network.on(
    'PUT /auth/password',
    refused(422, 'invalid_fields', { errors: { newPassword: ['This is common.'] } }),
  )
  await openApp('/settings/password', alice)
  await change('12345678', 'letmein!')
  await expect.element(page.getByText('This password is too easy to guess.')).toBeVisible()
})
