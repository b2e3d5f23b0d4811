import { page, userEvent } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import type { Preferences } from '@/api'
import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, ownAccount, preferences } from '@/testing/people'

const choices: Partial<Preferences> = preferences()
delete choices.address_problem

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

test('the digest comes when and where it is asked for', async () => {
  keepWhatIsSent()
  await openApp('/settings/mail', alice)
  await page.getByLabelText('Time of day').fill('18:30')
  await userEvent.tab()
  await page.getByLabelText('Time zone').selectOptions('Europe/Madrid')
  await expect
    .poll(() => network.sent('PUT /notifications/preferences').at(-1)?.body)
    .toEqual({ ...choices, digest_time: '18:30', time_zone: 'Europe/Madrid' })
  await expect.element(page.getByLabelText('Time of day')).toHaveValue('18:30')
})

test('mail about mentions can be declined', async () => {
  keepWhatIsSent()
  await openApp('/settings/mail', alice)
  await page.getByRole('checkbox', { name: 'Posts that name you' }).click()
  await expect
    .poll(() => network.sent('PUT /notifications/preferences')[0]?.body)
    .toEqual({ ...choices, mention_mail: false })
})

test('of two quick choices the earlier one does not undo the later', async () => {
  let answerFirst = (): void => undefined
  const after = new Promise<void>((resolve) => (answerFirst = resolve))
  network.on('PUT /notifications/preferences', ({ body }) => {
    const kept = preferences(body as Partial<Preferences>)
    network.on('GET /notifications/preferences', found(kept))
    return { ...found(kept), ...(kept.mention_mail && { after }) }
  })
  await openApp('/settings/mail', alice)
  await scope('None').click()
  await page.getByRole('checkbox', { name: 'Posts that name you' }).click()
  expect(network.sent('PUT /notifications/preferences')).toHaveLength(1)
  answerFirst()
  await expect
    .poll(() => network.sent('PUT /notifications/preferences')[1]?.body)
    .toEqual({ ...choices, notify_about: 'nobody', mention_mail: false })
  await expect.element(scope('None')).toBeChecked()
})
