import { page } from 'vitest/browser'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { settle, undo } from '@/features/undo/lastChance'
import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, post, user } from '@/testing/people'

const own = post({ author_id: alice.id, author_username: 'alice' })
const PATH = `/posts/${own.id}`
const nothingSent = {
  waiting: 0,
  accepted: 0,
  delivered: 0,
  bounced: 0,
  failed: 0,
  skipped: {},
}

beforeEach(() => {
  network.on(`GET ${PATH}`, found(own))
  network.on('GET /users/alice', found(user({ id: alice.id, username: 'alice' })))
  network.on('GET /posts/alice', found([]))
  network.on(`GET ${PATH}/delivery`, found(nothingSent))
  network.on(`GET ${PATH}/related`, found([]))
})

afterEach(() => undo())

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

test('its author deletes a post: gone at once, and back when that is undone', async () => {
  network.on('GET /posts/alice', found([own]))
  const router = await openApp(PATH, alice)
  await page.getByRole('button', { name: 'Delete' }).click()
  await expect.poll(() => router.currentRoute.value.fullPath).toBe('/authors/alice')
  await expect.element(page.getByText('The post is deleted.')).toBeVisible()
  await expect.element(page.getByRole('heading', { name: own.title })).not.toBeInTheDocument()

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.element(page.getByRole('heading', { name: own.title })).toBeVisible()
  await router.push('/authors/alice')
  await expect.element(page.getByRole('heading', { name: own.title })).toBeVisible()
  expect(network.sent(`DELETE ${PATH}`)).toHaveLength(0)
})

test('the backend is told to delete when the chance to undo it has passed', async () => {
  network.on(`DELETE ${PATH}`, {})
  await openApp(PATH, alice)
  await page.getByRole('button', { name: 'Delete' }).click()
  await expect.element(page.getByText('The post is deleted.')).toBeVisible()
  settle()
  await expect.poll(() => network.sent(`DELETE ${PATH}`)).toHaveLength(1)
  await expect.element(page.getByRole('button', { name: 'Undo' })).not.toBeInTheDocument()
})

test('closing the window is no undo', async () => {
  network.on(`DELETE ${PATH}`, {})
  await openApp(PATH, alice)
  await page.getByRole('button', { name: 'Delete' }).click()
  await expect.element(page.getByText('The post is deleted.')).toBeVisible()
  window.dispatchEvent(new PageTransitionEvent('pagehide'))
  await expect.poll(() => network.sent(`DELETE ${PATH}`)).toHaveLength(1)
})

test('a post that cannot be deleted is back, and that is said', async () => {
  network.on('GET /posts/alice', found([own]))
  network.on(`DELETE ${PATH}`, refused(503, 'postgres_down'))
  await openApp(PATH, alice)
  await page.getByRole('button', { name: 'Delete' }).click()
  await expect.element(page.getByText('The post is deleted.')).toBeVisible()
  settle()
  await expect.element(page.getByRole('alert')).toHaveTextContent('was not deleted')
  await expect.element(page.getByRole('heading', { name: own.title })).toBeVisible()
})

test('its author sees how telling the readers went', async () => {
  const outcomes = { ...nothingSent, delivered: 120, bounced: 1, skipped: { unsubscribed: 2 } }
  network.on(`GET ${PATH}/delivery`, found(outcomes))
  await openApp(PATH, alice)
  const receipt = page.getByRole('region', { name: 'Delivery receipt' })
  await expect.element(receipt).toHaveTextContent('Mailed to 121 readers.')
  await expect.element(receipt).toHaveTextContent('arrived120')
  await expect.element(receipt).toHaveTextContent('came back1')
  await expect.element(receipt).toHaveTextContent('left out2')
})

test('the receipt of a new post is renewed while mails wait', async () => {
  network.on(`GET ${PATH}/delivery`, found({ ...nothingSent, waiting: 2 }))
  await openApp(PATH, alice)
  const receipt = page.getByRole('region', { name: 'Delivery receipt' })
  await expect.element(receipt).toHaveTextContent('waiting2')
  network.on(`GET ${PATH}/delivery`, found({ ...nothingSent, delivered: 2 }))
  await expect.element(receipt, { timeout: 10_000 }).toHaveTextContent('arrived2')
})

test('related posts are beside a post, unless they cannot be told', async () => {
  const other = post({ id: '019ab1c2-1111-7000-8000-00000000000f', title: 'Boats' })
  network.on(`GET ${PATH}/related`, found([other]))
  const router = await openApp(PATH, alice)
  await expect
    .element(page.getByRole('link', { name: 'Boats' }))
    .toHaveAttribute('href', `/posts/${other.id}`)

  network.on(`GET /posts/${other.id}`, found(other))
  network.on('GET /users/bruno', found(user()))
  network.on(`GET /posts/${other.id}/related`, {
    body: { message: 'Got posts!', degraded: true, data: [own] },
  })
  await router.push(`/posts/${other.id}`)
  await expect.element(page.getByRole('heading', { name: 'Boats', level: 1 })).toBeVisible()
  await expect.poll(() => network.sent(`GET /posts/${other.id}/related`)).toHaveLength(1)
  await expect.element(page.getByRole('heading', { name: 'Related posts' })).not.toBeInTheDocument()
})

test('a near-copy refers to the earlier post', async () => {
  const earlier = post({ id: '019ab1c2-1111-7000-8000-00000000000e', title: 'Ferries' })
  network.on(`GET ${PATH}`, found({ ...own, near_copy_of: earlier.id }))
  network.on(`GET /posts/${earlier.id}`, found(earlier))
  await openApp(PATH)
  await expect
    .element(page.getByRole('link', { name: '“Ferries” by bruno' }))
    .toHaveAttribute('href', `/posts/${earlier.id}`)
})

test('a change shows at once, and is taken back when it is refused', async () => {
  let refuse = (): void => undefined
  const after = new Promise<void>((resolve) => (refuse = resolve))
  network.on(`PATCH ${PATH}`, { ...refused(503, 'postgres_down'), after })
  await openApp(`${PATH}/edit`, alice)
  await page.getByLabelText('Title').fill('The ferry waits')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.element(page.getByRole('heading', { name: 'The ferry waits' })).toBeVisible()

  refuse()
  await expect.element(page.getByRole('heading', { name: own.title })).toBeVisible()
  await expect.element(page.getByRole('alert')).toHaveTextContent('The change was not saved')
  await page.getByRole('link', { name: 'Back to it' }).click()
  await expect.element(page.getByLabelText('Title')).toHaveValue('The ferry waits')
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
