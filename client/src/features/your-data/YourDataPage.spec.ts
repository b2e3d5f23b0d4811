import { page } from 'vitest/browser'
import { expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice } from '@/testing/people'

const deleteIt = () => page.getByRole('button', { name: 'Delete the account' })
const password = () => page.getByLabelText('Current password')

test('everything kept can be downloaded', async () => {
  await openApp('/settings/data', alice)
  const download = page.getByRole('link', { name: 'Download the file' })
  await expect.element(download).toHaveAttribute('href', '/api/users/me/export')
  await expect.element(download).toHaveAttribute('download')
})

test('an account is deleted with its password, after being asked, and then signed out', async () => {
  network.on('DELETE /users/me', {})
  network.on('GET /posts', found([]))
  const router = await openApp('/settings/data', alice)
  await password().fill('12345678')
  await deleteIt().click()
  await expect.element(page.getByRole('dialog', { name: 'Delete alice for good?' })).toBeVisible()
  expect(network.sent('DELETE /users/me')).toHaveLength(0)
  await page.getByRole('button', { name: 'Delete everything' }).click()
  await expect.element(page.getByText('The account is deleted.')).toBeVisible()
  await expect.element(page.getByRole('link', { name: 'Register' })).toBeVisible()
  expect(network.sent('DELETE /users/me')[0]?.body).toEqual({ currentPassword: '12345678' })
  await expect.poll(() => router.currentRoute.value.name).toBe('home')
})

test('nothing is deleted by who changes their mind', async () => {
  await openApp('/settings/data', alice)
  await password().fill('12345678')
  await deleteIt().click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  expect(network.sent('DELETE /users/me')).toHaveLength(0)
  await deleteIt().click()
  await expect.element(page.getByRole('dialog')).toBeVisible()
})

test('a wrong password deletes nothing', async () => {
  network.on(
    'DELETE /users/me',
    refused(422, 'wrong_password', { errors: { currentPassword: ['No.'] } }),
  )
  await openApp('/settings/data', alice)
  await password().fill('wrong-one')
  await deleteIt().click()
  await page.getByRole('button', { name: 'Delete everything' }).click()
  await expect.element(page.getByText('This is not your password.')).toBeVisible()
})
