import { page } from 'vitest/browser'
import { expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'

const PATH = '/notifications/unsubscribe/t0ken'

test('opening the link stops nothing; the button does, without a session', async () => {
  network.on(`GET ${PATH}`, found({ about: 'author', author_username: 'bruno' }))
  network.on(`POST ${PATH}`, {})
  await openApp('/unsubscribe/t0ken')
  await expect.element(page.getByText('No more mails about new posts by bruno?')).toBeVisible()
  expect(network.sent(`POST ${PATH}`)).toHaveLength(0)

  await page.getByRole('button', { name: 'Stop these mails' }).click()
  await expect.element(page.getByText('Done. No more mails about posts by bruno.')).toBeVisible()
})

test.each([
  ['digest', 'No more digest?', 'Done. No more digest.'],
  ['mentions', 'No more mails about posts that name you?', 'Done. No more mails about posts that'],
])('a link out of mail about no single author says which: %s', async (about, question, done) => {
  network.on(`GET ${PATH}`, found({ about, author_username: null }))
  network.on(`POST ${PATH}`, {})
  await openApp('/unsubscribe/t0ken')
  await expect.element(page.getByText(question)).toBeVisible()
  await page.getByRole('button', { name: 'Stop these mails' }).click()
  await expect.element(page.getByText(done)).toBeVisible()
})

test('an unknown link says so', async () => {
  network.on(`GET ${PATH}`, refused(404, 'unknown_subscription'))
  await openApp('/unsubscribe/t0ken')
  await expect.element(page.getByText('This link belongs to no subscription.')).toBeVisible()
})
