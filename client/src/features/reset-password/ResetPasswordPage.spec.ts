import { page, userEvent } from 'vitest/browser'
import { expect, test } from 'vitest'

import { network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'

async function paste(text: string): Promise<void> {
  const clipboardData = new DataTransfer()
  clipboardData.setData('text', text)
  const field = page.getByLabelText('Code from the mail').element()
  field.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
  )
}

async function fillInPassword(): Promise<void> {
  await page.getByLabelText('New password').fill('another-horse')
  await page.getByRole('button', { name: 'Set the password' }).click()
}

test('a forgotten password is replaced with the code from the mail', async () => {
  network.on('POST /auth/send-reset-token', {})
  network.on('PUT /auth/restart-password', {})
  await openApp('/forgot-password')
  await page.getByLabelText('Email').fill('alice@example.org')
  await page.getByRole('button', { name: 'Send the code' }).click()
  await expect.element(page.getByRole('heading', { name: 'New password' })).toBeVisible()
  await expect.element(page.getByLabelText('Email')).toHaveValue('alice@example.org')
  await paste('Your code: A1B2C3')
  await fillInPassword()

  await expect.element(page.getByText('The password is changed.')).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  expect(network.sent('PUT /auth/restart-password')[0]?.body).toEqual({
    email: 'alice@example.org',
    token: 'a1b2c3',
    newPassword: 'another-horse',
  })
})

test('the code can be typed, and corrected', async () => {
  await openApp('/reset-password')
  const code = page.getByLabelText('Code from the mail')
  await code.click()
  await userEvent.keyboard('a1z-B2{Backspace}7')
  await expect.element(code).toHaveValue('a1b7')
})

test('an incomplete code is not sent', async () => {
  await openApp('/reset-password')
  await page.getByLabelText('Email').fill('alice@example.org')
  await page.getByLabelText('Code from the mail').fill('a1b')
  await fillInPassword()
  await expect.element(page.getByText('The code has 6 characters.')).toBeVisible()
  expect(network.sent('PUT /auth/restart-password')).toHaveLength(0)
})

test('a refused code is said at the code', async () => {
  network.on(
    'PUT /auth/restart-password',
    refused(422, 'invalid_reset_token', { errors: { token: ['Wrong.'] } }),
  )
  await openApp('/reset-password')
  await page.getByLabelText('Email').fill('alice@example.org')
  await page.getByLabelText('Code from the mail').fill('000000')
  await fillInPassword()
  const code = page.getByLabelText('Code from the mail')
  await expect.element(code).toHaveFocus()
  await expect.element(code).toHaveAccessibleDescription(/wrong, used or too old/)
})
