import { page } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, browserSession } from '@/testing/people'

const phone = browserSession({
  id: 'phone',
  browser: 'Chrome',
  system: 'Android',
  is_current: false,
})
const library = browserSession({ id: 'library', browser: null, system: null, is_current: false })
const endPhone = () => page.getByRole('button', { name: 'End the session of Chrome on Android' })

beforeEach(() => network.on('GET /auth/sessions', found([phone, browserSession(), library])))

test('the browsers are listed, this one first and without an end', async () => {
  await openApp('/settings/browsers', alice)
  await expect
    .element(page.getByRole('main').getByRole('listitem').first())
    .toHaveTextContent('Firefox on Linux')
  await expect.element(page.getByText('Unknown browser', { exact: true })).toBeVisible()
  await expect
    .element(page.getByRole('button', { name: /End the session of Firefox/ }))
    .not.toBeInTheDocument()
})

test('a browser that is ended leaves the list', async () => {
  network.on('DELETE /auth/sessions/phone', () => {
    network.on('GET /auth/sessions', found([browserSession(), library]))
    return {}
  })
  await openApp('/settings/browsers', alice)
  await endPhone().click()
  await expect.element(page.getByText('Chrome on Android')).not.toBeInTheDocument()
  expect(network.sent('DELETE /auth/sessions/phone')).toHaveLength(1)
})

test('an end that fails brings the browser back, and says so', async () => {
  network.on('DELETE /auth/sessions/phone', refused(503, 'part_unavailable'))
  await openApp('/settings/browsers', alice)
  await endPhone().click()
  await expect.element(page.getByRole('alert')).toHaveTextContent('not answering')
  await expect.element(endPhone()).toBeVisible()
})

test('all others can be ended at once', async () => {
  network.on('DELETE /auth/sessions', () => {
    network.on('GET /auth/sessions', found([browserSession()]))
    return {}
  })
  await openApp('/settings/browsers', alice)
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await expect.element(page.getByText('You are signed in only here now.')).toBeVisible()
  await expect.element(page.getByText('You are signed in nowhere else.')).toBeVisible()
})
