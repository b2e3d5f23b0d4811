import { page } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, post, user } from '@/testing/people'

const own = post({ author_id: alice.id, author_username: 'alice' })
const PATH = `/posts/${own.id}`

beforeEach(() => {
  network.on(`GET ${PATH}`, found(own))
  network.on('GET /users/alice', found(user({ id: alice.id, username: 'alice' })))
  network.on('GET /posts/alice', found([]))
})

test('a post is a letter with a stamp, a postmark and links at its tags', async () => {
  network.on(`GET ${PATH}`, found(post()))
  network.on('GET /users/bruno', found(user()))
  await openApp(PATH)
  await expect
    .element(page.getByRole('heading', { name: 'The ferry leaves without us' }))
    .toBeVisible()
  await expect
    .element(page.getByRole('link', { name: '#harbour' }))
    .toHaveAttribute('href', '/search?q=%23harbour')
  const time = document.querySelector(`time[datetime="${own.created_at}"]`)
  expect(time?.textContent).toContain('January 2, 2026')
  expect(document.title).toBe('The ferry leaves without us · Decoupled')
  await expect.element(page.getByRole('link', { name: 'Edit' })).not.toBeInTheDocument()
})

test('its author deletes a post after being asked', async () => {
  network.on(`DELETE ${PATH}`, {})
  const router = await openApp(PATH, alice)
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect(network.sent(`DELETE ${PATH}`)).toHaveLength(0)

  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the post' }).click()
  await expect.element(page.getByText('The post is deleted.')).toBeVisible()
  await expect.poll(() => router.currentRoute.value.fullPath).toBe('/authors/alice')
})

test('its author edits a post, and every place shows it anew', async () => {
  network.on(`PATCH ${PATH}`, found({ ...own, title: 'The ferry waits' }))
  await openApp(PATH, alice)
  await page.getByRole('link', { name: 'Edit' }).click()
  await expect.element(page.getByLabelText('Title')).toHaveValue('The ferry leaves without us')
  await page.getByLabelText('Title').fill('The ferry waits')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.element(page.getByRole('heading', { name: 'The ferry waits' })).toBeVisible()
  await expect.element(page.getByText('Saved.')).toBeVisible()
})

test('nobody edits the post of somebody else', async () => {
  network.on(`GET ${PATH}`, found(post()))
  await openApp(`${PATH}/edit`, alice)
  await expect.element(page.getByText('Only its author can edit this post.')).toBeVisible()
})

test('a post that is gone says so', async () => {
  network.on(`GET ${PATH}`, refused(404, 'not_found'))
  await openApp(PATH)
  await expect.element(page.getByRole('heading', { name: 'This post is not here' })).toBeVisible()
})
