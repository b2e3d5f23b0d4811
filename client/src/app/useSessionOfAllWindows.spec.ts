import { page } from 'vitest/browser'
import { afterEach, expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, ownAccount } from '@/testing/people'

const otherWindow = new BroadcastChannel('session')
afterEach(() => localStorage.clear())

test('signing out in another window leaves pages that need a session, and remembers where', async () => {
  network.on('GET /users/me', found(ownAccount()))
  const router = await openApp('/settings/profile', alice)
  await expect.element(page.getByLabelText('About you')).toBeVisible()
  network.on('GET /auth/session', refused(401, 'not_signed_in'))
  otherWindow.postMessage('changed')
  await expect.element(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  expect(router.currentRoute.value.fullPath).toBe('/sign-in?return=/settings/profile')
})

test('signing in in another window goes on in this one, too', async () => {
  network.on('GET /users/me', found(ownAccount()))
  const router = await openApp('/sign-in?return=/settings/profile')
  network.on('GET /notifications/preferences', refused(404, 'not_found'))
  network.on('GET /auth/session', found(alice))
  otherWindow.postMessage('changed')
  await expect.element(page.getByLabelText('About you')).toHaveValue('Reads by the harbour.')
  expect(router.currentRoute.value.fullPath).toBe('/settings/profile')
})
