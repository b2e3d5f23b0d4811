import { page, userEvent } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, post, user } from '@/testing/people'

const written = post({ author_id: alice.id, author_username: 'alice', title: 'Frost', tags: [] })

const nothingSent = {
  waiting: 0,
  accepted: 0,
  delivered: 0,
  bounced: 0,
  failed: 0,
  skipped: {},
}

beforeEach(() => {
  network.on('GET /users/alice', found(user({ id: alice.id, username: 'alice' })))
  network.on('GET /users/me/audience', found({ at_once: 96, in_digest: 32, without_mail: 0 }))
  network.on(`GET /posts/${written.id}/delivery`, found(nothingSent))
  network.on(`GET /posts/${written.id}/related`, found([]))
  network.on(`GET /posts/${written.id}`, found(written))
})

async function write(title: string, content: string): Promise<void> {
  await page.getByLabelText('Title').fill(title)
  await page.getByLabelText('Text').fill(content)
  await page.getByRole('button', { name: 'Post it' }).click()
}

test('a post is sent as it was written, then shown', async () => {
  network.on('POST /posts', { ...found(written), status: 201 })
  const router = await openApp('/write', alice)
  await expect
    .element(page.getByText('Goes to 128 readers: 96 at once, 32 in a digest.'))
    .toBeVisible()
  await write(' Frost', 'Overnight.\n')

  await expect.element(page.getByRole('heading', { name: 'Frost' })).toBeVisible()
  await expect.element(page.getByText('Posted.')).toBeVisible()
  expect(router.currentRoute.value.params).toEqual({ id: written.id })
  expect(network.sent('POST /posts')[0]?.body).toEqual({
    title: ' Frost',
    content: 'Overnight.\n',
    allow_duplicate: false,
  })
})

test('what is sent again is sent under the same key, and other words under another', async () => {
  await openApp('/write', alice)
  await write('Frost', 'Overnight.')
  await expect.element(page.getByRole('alert')).toBeVisible()
  await page.getByRole('button', { name: 'Post it' }).click()
  await expect.poll(() => network.sent('POST /posts')).toHaveLength(2)
  await expect.element(page.getByRole('alert')).toBeVisible()
  await write('Frost', 'Overnight, all of them.')
  await expect.poll(() => network.sent('POST /posts')).toHaveLength(3)
  const keys = network.sent('POST /posts').map(({ headers }) => headers.get('Idempotency-Key'))
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
  expect(keys[1]).toBe(keys[0])
  expect(keys[2]).not.toBe(keys[0])
})

test('a second click while the first is under way sends nothing', async () => {
  network.on('POST /posts', { after: new Promise(() => undefined) })
  await openApp('/write', alice)
  await write('Frost', 'Overnight.')
  const button = page.getByRole('button', { name: 'Post it' }).element() as HTMLButtonElement
  button.click()
  await expect.element(page.getByText('Posting it …')).toBeInTheDocument()
  expect(network.sent('POST /posts')).toHaveLength(1)
})

test('what is close to an earlier post of one’s own is posted when that is meant', async () => {
  const earlier = post({ ...written, id: '019ab1c2-1111-7000-8000-00000000000e', title: 'Cold' })
  network.on(`GET /posts/${earlier.id}`, found(earlier))
  network.on('POST /posts', ({ body }) =>
    (body as { allow_duplicate: boolean }).allow_duplicate
      ? { ...found(written), status: 201 }
      : refused(409, 'near_copy', { details: { post_id: earlier.id } }),
  )
  await openApp('/write', alice)
  await write('Frost', 'Overnight.')
  const notice = page.getByRole('alert')
  await expect.element(notice).toHaveTextContent('This is close to a post of yours:')
  await expect
    .element(notice.getByRole('link', { name: '“Cold”' }))
    .toHaveAttribute('href', `/posts/${earlier.id}`)
  await expect
    .element(notice.getByRole('link', { name: 'Edit that one' }))
    .toHaveAttribute('href', `/posts/${earlier.id}/edit`)

  await notice.getByRole('button', { name: 'Post it anyway' }).click()
  await expect.element(page.getByText('Posted.')).toBeVisible()
  const [first, second] = network.sent('POST /posts')
  expect(second?.headers.get('Idempotency-Key')).not.toBe(first?.headers.get('Idempotency-Key'))
})

test('a post is among the others before it has been answered for, and gone when it is refused', async () => {
  network.on('GET /posts', found([post()]))
  let refuse = (): void => undefined
  const after = new Promise<void>((resolve) => (refuse = resolve))
  network.on('POST /posts', { ...refused(503, 'postgres_down'), after })
  const router = await openApp('/', alice)
  await expect.element(page.getByRole('heading', { name: post().title })).toBeVisible()
  await router.push('/write')
  await write('Frost', 'Overnight.')
  await router.push('/')
  await expect.element(page.getByRole('heading', { name: 'Frost' })).toBeVisible()
  await expect.element(page.getByText('on its way')).toBeVisible()

  refuse()
  await expect.element(page.getByRole('alert')).toHaveTextContent('“Frost” was not posted.')
  await expect.element(page.getByRole('heading', { name: 'Frost' })).not.toBeInTheDocument()
  await router.push('/write')
  await expect.element(page.getByLabelText('Text')).toHaveValue('Overnight.')
})

test('tags and mentions are completed with the keyboard, and the list is heard', async () => {
  network.on('GET /search/suggestions', ({ query }) =>
    found(
      query.q?.startsWith('#')
        ? [
            { kind: 'tag', text: 'harbour', posts: 3 },
            { kind: 'tag', text: 'harvest', posts: 1 },
          ]
        : [{ kind: 'username', text: 'bruno', posts: 7 }],
    ),
  )
  await openApp('/write', alice)
  await page.getByLabelText('Text').click()
  await userEvent.keyboard('Low tide #ha')
  const field = page.getByLabelText('Text')
  await expect.element(page.getByRole('option', { name: '#harbour' })).toBeVisible()
  await expect.element(page.getByText('2 suggestions.')).toBeInTheDocument()
  const first = page.getByRole('option', { name: '#harbour' })
  await expect.element(field).toHaveAttribute('aria-activedescendant', first.element().id)
  await userEvent.keyboard('{ArrowDown}{Enter}')
  await expect.element(field).toHaveValue('Low tide #harvest ')
  await expect.element(page.getByRole('listbox')).not.toBeInTheDocument()

  await userEvent.keyboard('by @br')
  await page.getByRole('option', { name: '@bruno' }).click()
  await expect.element(field).toHaveValue('Low tide #harvest by @bruno ')
  await expect.element(field).toHaveFocus()

  await userEvent.keyboard('#ha')
  await expect.element(page.getByRole('listbox')).toBeVisible()
  await userEvent.keyboard('{Escape}{Enter}')
  await expect.element(field).toHaveValue('Low tide #harvest by @bruno #ha\n')
})

test('two windows show the same draft', async () => {
  await openApp('/write', alice)
  await page.getByLabelText('Title').fill('Frost')
  const key = Object.keys(localStorage).find((name) => name.startsWith('draft:')) ?? ''
  const newValue = JSON.stringify({ title: 'Frost', content: 'Written elsewhere.' })
  window.dispatchEvent(new StorageEvent('storage', { key, newValue }))
  await expect.element(page.getByLabelText('Text')).toHaveValue('Written elsewhere.')
  window.dispatchEvent(new StorageEvent('storage', { key, newValue: null }))
  await expect.element(page.getByLabelText('Title')).toHaveValue('')
})

test('a draft outlives the window', async () => {
  await openApp('/write', alice)
  await page.getByLabelText('Title').fill('Frost')
  sessionStorage.clear()
  await openApp('/write', alice)
  await expect.element(page.getByLabelText('Title').last()).toHaveValue('Frost')
})

test('the counters count characters as the server does', async () => {
  await openApp('/write', alice)
  await page.getByLabelText('Title').fill('🐚🐚')
  await expect.element(page.getByText('2 / 100')).toBeVisible()
  await expect.element(page.getByText('0 / 500')).toBeVisible()
})

test('white space is no title, and what is too long stays to be shortened', async () => {
  await openApp('/write', alice)
  await write('   ', 'x'.repeat(501))
  await expect.element(page.getByLabelText('Title')).toHaveFocus()
  await expect.element(page.getByText('Give it a title.')).toBeVisible()
  await expect.element(page.getByText('A post has at most 500 characters.')).toBeVisible()
  await expect.element(page.getByText('501 / 500')).toBeVisible()
  expect(network.sent('POST /posts')).toHaveLength(0)
})

test('an unreachable server loses nothing', async () => {
  await openApp('/write', alice)
  await write('Frost', 'Overnight.')
  const alert = page.getByRole('alert')
  await expect.element(alert).toHaveTextContent('The server cannot be reached.')
  await expect.element(alert).toHaveTextContent('What you wrote is kept')
  await expect.element(page.getByLabelText('Text')).toHaveValue('Overnight.')
})

test('a lost session keeps what was written until after signing in again', async () => {
  network.on('POST /posts', refused(401, 'no_session'))
  network.on('POST /auth/login', () => {
    network.on('GET /auth/session', found(alice))
    return found({ username: 'alice', email: alice.email })
  })
  await openApp('/write', alice)
  await write('Frost', 'Overnight.')
  await page.getByRole('link', { name: 'Sign in again' }).click()
  await page.getByLabelText('Username or email').fill('alice')
  await page.getByLabelText('Password').fill('12345678')
  await page.getByRole('button', { name: 'Sign in' }).click()

  await expect.element(page.getByLabelText('Title')).toHaveValue('Frost')
  await expect.element(page.getByLabelText('Text')).toHaveValue('Overnight.')
})

test('a draft is for the eyes of who wrote it', async () => {
  const router = await openApp('/write', alice)
  await page.getByLabelText('Title').fill('A secret')
  await router.push('/settings')
  network.on('POST /auth/logout', {})
  network.on('GET /posts', found([]))
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect.element(page.getByText('You are signed out.')).toBeVisible()

  const bruno = { ...alice, id: 'b', username: 'bruno' }
  network.on('GET /users/bruno', found(user()))
  await openApp('/write', bruno)
  await expect.element(page.getByLabelText('Title').last()).toHaveValue('')
})
