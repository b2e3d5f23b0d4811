import { page } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import type { Preferences } from '@/api'
import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, ownAccount, preferences } from '@/testing/people'

const scope = (name: string) => page.getByRole('radio', { name })

function keepWhatIsSent(): void {
  network.on('PUT /notifications/preferences', ({ body }) => {
    const kept = preferences(body as Partial<Preferences>)
    network.on('GET /notifications/preferences', found(kept))
    return found(kept)
  })
}

beforeEach(() => {
  network.on('GET /users/me', found(ownAccount()))
  network.on('GET /notifications/preferences', found(preferences()))
})

test('whose posts are mailed is saved as soon as it is chosen', async () => {
  keepWhatIsSent()
  await openApp('/settings/mail', alice)
  await scope("Everyone's").click()
  await expect.element(scope("Everyone's")).toBeChecked()
  await expect
    .poll(() => network.sent('PUT /notifications/preferences')[0]?.body)
    .toMatchObject({ notify_about: 'everyone', paused_until: null })
})

test('a choice that is refused is taken back', async () => {
  network.on('PUT /notifications/preferences', refused(503, 'part_unavailable'))
  await openApp('/settings/mail', alice)
  await scope('None').click()
  await expect.element(page.getByRole('alert')).toHaveTextContent('not answering')
  await expect.element(scope('Those of people you follow')).toBeChecked()
})

test('mail can be paused for a week, and the pause ended', async () => {
  keepWhatIsSent()
  await openApp('/settings/mail', alice)
  await page.getByRole('button', { name: 'Pause for 7 days' }).click()
  await expect.element(page.getByText('No post reaches you by mail until')).toBeVisible()
  await page.getByRole('button', { name: 'End the pause' }).click()
  await expect.element(page.getByRole('button', { name: 'Pause for 1 day' })).toBeVisible()
  const sent = network.sent('PUT /notifications/preferences').map(({ body }) => body)
  expect(sent).toHaveLength(2)
  expect(sent[1]).toMatchObject({ notify_about: 'followed', paused_until: null })
})

test('the language of mails is a choice of its own', async () => {
  network.on('PATCH /users/me', () => found(ownAccount({ language: 'es' })))
  await openApp('/settings/mail', alice)
  await scope('Español').click()
  await expect.element(scope('Español')).toBeChecked()
  expect(network.sent('PATCH /users/me')[0]?.body).toEqual({ language: 'es' })
  expect(document.documentElement.lang).toBe('en')
})
