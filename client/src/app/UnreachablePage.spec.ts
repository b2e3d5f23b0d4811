import { page } from 'vitest/browser'
import { expect, test, vi } from 'vitest'

import { expectNoBarrier } from '@/testing/barriers'
import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, ownAccount } from '@/testing/people'

function goOffline(): void {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  window.dispatchEvent(new Event('offline'))
}

function goOnline(): void {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(true)
  window.dispatchEvent(new Event('online'))
}

async function openSignedInPage(unanswered: () => void) {
  network.on('GET /users/me', found(ownAccount()))
  const router = await openApp('/')
  localStorage.setItem('signed-in', 'yes')
  unanswered()
  await router.push('/settings/profile')
  return router
}

test('a backend that cannot say who one is does not sign one out: the page waits at its address', async () => {
  network.on('GET /posts', found([]))
  const router = await openSignedInPage(() =>
    network.on(
      'GET /auth/session',
      refused(503, 'redis_unavailable', {
        headers: { 'X-Request-ID': 'f00d', 'Retry-After': '5' },
      }),
    ),
  )
  await expect
    .element(page.getByRole('heading', { name: 'This page cannot be shown right now' }))
    .toBeVisible()
  await expect.element(page.getByRole('alert')).toHaveTextContent('Try again in 5 seconds.')
  await expect.element(page.getByText('request f00d')).toBeVisible()
  expect(router.currentRoute.value.fullPath).toBe('/settings/profile')
  await expectNoBarrier()

  network.on('GET /auth/session', found(alice))
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(page.getByLabelText('About you')).toBeVisible()
})

test('offline, the page is drawn and goes on by itself when the network is back', async () => {
  network.on('GET /posts', found([]))
  await openSignedInPage(() => {
    network.on('GET /auth/session', () => {
      throw new TypeError('Failed to fetch')
    })
    goOffline()
  })
  await expect.element(page.getByRole('heading', { name: 'You are offline' })).toBeVisible()
  await expectNoBarrier()

  network.on('GET /auth/session', found(alice))
  goOnline()
  await expect.element(page.getByLabelText('About you')).toBeVisible()
})
