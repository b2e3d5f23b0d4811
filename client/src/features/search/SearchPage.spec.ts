import { page, userEvent } from 'vitest/browser'
import { expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, foundPost, post, user } from '@/testing/people'

async function search(words: string): Promise<void> {
  await page.getByLabelText('Search posts').fill(words)
  await page.getByLabelText('Search posts').element().closest('form')?.requestSubmit()
}

test('what was found is marked', async () => {
  const ferry = foundPost({ highlights: { title: [[4, 9]], content: [[0, 4]] } })
  network.on('GET /search/posts', found([ferry]))
  await openApp('/search')
  await search('ferry')
  await expect.element(page.getByText('ferry', { exact: true })).toBeVisible()
  const marked = Array.from(document.querySelectorAll('mark'), (mark) => mark.textContent)
  expect(marked).toEqual(['ferry', 'Nine'])
  expect(network.sent('GET /search/posts')[0]?.query).toMatchObject({
    q: 'ferry',
    order: 'relevance',
  })
})

test('the order can be changed, and is part of the address', async () => {
  network.on('GET /search/posts', found([foundPost()]))
  const router = await openApp('/search?q=ferry')
  await page.getByRole('link', { name: 'Newest first' }).click()
  await expect
    .element(page.getByRole('link', { name: 'Newest first' }))
    .toHaveAttribute('aria-current', 'true')
  expect(router.currentRoute.value.query).toEqual({ q: 'ferry', order: 'newest' })
  expect(network.sent('GET /search/posts').at(-1)?.query.order).toBe('newest')
})

test('a slow answer to an earlier search never replaces a later one', async () => {
  let answerFirst = (): void => undefined
  const after = new Promise<void>((resolve) => (answerFirst = resolve))
  network.on('GET /search/posts', ({ query }) =>
    query.q === 'slow'
      ? { ...found([foundPost({ title: 'Slow' })]), after }
      : found([foundPost({ title: 'Quick' })]),
  )
  await openApp('/search')
  await search('slow')
  await search('quick')
  await expect.element(page.getByRole('heading', { name: 'Quick' })).toBeVisible()
  answerFirst()
  await expect.element(page.getByRole('heading', { name: 'Quick' })).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Slow' })).not.toBeInTheDocument()
  expect(network.sent('GET /search/posts')[0]?.signal.aborted).toBe(true)
})

test('further results come as one gets there', async () => {
  const second = foundPost({ id: '019ab1c2-1111-7000-8000-000000000002', title: 'Second' })
  network.on('GET /search/posts', ({ query }) =>
    query.cursor === 'c2'
      ? found([second])
      : found([foundPost()], { Link: '</api/search/posts?q=x&cursor=c2>; rel="next"' }),
  )
  await openApp('/search?q=x')
  await expect.element(page.getByRole('heading', { name: 'Second' })).toBeVisible()
  await expect
    .element(page.getByRole('heading', { name: 'The ferry leaves without us' }))
    .toBeVisible()
})

test('a search that is down says so and can be tried again', async () => {
  network.on('GET /search/posts', refused(503, 'search_unavailable'))
  await openApp('/search?q=ferry')
  await expect.element(page.getByRole('alert')).toHaveTextContent('everything else works')
  network.on('GET /search/posts', found([]))
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(page.getByText('No post matches “ferry”.')).toBeVisible()
})

const field = () => page.getByRole('combobox', { name: 'Search posts' })

test('the link to the search puts the focus into its field, and results follow what is typed', async () => {
  network.on('GET /posts', found([]))
  network.on('GET /search/posts', found([foundPost()]))
  await openApp('/')
  await page.getByRole('link', { name: 'Search', exact: true }).click()
  await expect.element(field()).toHaveFocus()
  await userEvent.keyboard('ferry')
  await expect
    .element(page.getByRole('heading', { name: 'The ferry leaves without us' }))
    .toBeVisible()
  await expect.element(page.getByText('1 post found.')).toBeInTheDocument()
  await expect.element(field()).toHaveFocus()
  expect(network.sent('GET /search/posts').map(({ query }) => query.q)).toEqual(['ferry'])
})

test('suggestions complete what is typed, with the keyboard', async () => {
  network.on(
    'GET /search/suggestions',
    found([
      { kind: 'word', text: 'ferry', posts: 3 },
      { kind: 'tag', text: 'ferries', posts: 2 },
      { kind: 'username', text: 'ferrol', posts: 1 },
    ]),
  )
  network.on('GET /search/posts', found([foundPost()]))
  const router = await openApp('/search')
  await field().fill('late fer')
  await expect.element(page.getByRole('option', { name: 'ferry' })).toBeVisible()
  await expect.element(field()).toHaveAttribute('aria-expanded', 'true')
  // Without a choice Enter searches for what was typed.
  expect(field().element().hasAttribute('aria-activedescendant')).toBe(false)
  await userEvent.keyboard('{ArrowDown}{ArrowDown}')
  const second = page.getByRole('option', { name: '#ferries' })
  await expect.element(second).toHaveAttribute('aria-selected', 'true')
  await expect.element(field()).toHaveAttribute('aria-activedescendant', second.element().id)
  await userEvent.keyboard('{Enter}')
  await expect.element(field()).toHaveValue('late #ferries')
  await expect.poll(() => router.currentRoute.value.query.q).toBe('late #ferries')
  await expect.element(page.getByRole('listbox')).not.toBeInTheDocument()

  network.on('GET /users/ferrol', found(user({ username: 'ferrol' })))
  network.on('GET /posts/ferrol', found([]))
  await field().fill('fer')
  await page.getByRole('option', { name: '@ferrol' }).click()
  await expect.element(page.getByRole('heading', { name: 'ferrol' })).toBeVisible()
})

test('a slow suggestion to an earlier word never replaces that to a later one', async () => {
  let answerFirst = (): void => undefined
  const after = new Promise<void>((resolve) => (answerFirst = resolve))
  network.on('GET /search/posts', found([]))
  network.on('GET /search/suggestions', ({ query }) =>
    query.q === 'slow'
      ? { ...found([{ kind: 'word', text: 'slowly', posts: 1 }]), after }
      : found([{ kind: 'word', text: 'quickly', posts: 1 }]),
  )
  await openApp('/search')
  await field().fill('slow')
  await expect.poll(() => network.sent('GET /search/suggestions')).toHaveLength(1)
  await field().fill('quick')
  await expect.element(page.getByRole('option', { name: 'quickly' })).toBeVisible()
  answerFirst()
  await expect.poll(() => network.sent('GET /search/suggestions')[0]?.signal.aborted).toBe(true)
  await expect.element(page.getByRole('option', { name: 'quickly' })).toBeVisible()
  await expect.element(page.getByRole('option', { name: 'slowly' })).not.toBeInTheDocument()
})

test('filters keep the results to an author, a tag, a language and days', async () => {
  network.on('GET /search/posts', found([foundPost()]))
  const router = await openApp('/search?q=ferry')
  await page.getByText('Filters', { exact: true }).click()
  await page.getByLabelText('From', { exact: true }).fill('@bruno')
  await page.getByLabelText('Tag').fill('#harbour')
  await page.getByLabelText('From this day on').fill('2026-01-01')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByLabelText('In language').selectOptions('Spanish')
  await expect
    .poll(() => network.sent('GET /search/posts').at(-1)?.query)
    .toEqual({
      limit: '20',
      q: 'ferry from:bruno tag:harbour after:2026-01-01',
      order: 'relevance',
      language: 'es',
    })
  await page.getByRole('button', { name: 'Lift Tag: #harbour' }).click()
  await expect
    .poll(() => router.currentRoute.value.query)
    .toEqual({
      q: 'ferry',
      from: '@bruno',
      language: 'es',
      after: '2026-01-01',
    })
})

test('who finds nothing is helped: other words, without filters', async () => {
  network.on('GET /search/posts', found([]))
  network.on('GET /search/suggestions', found([{ kind: 'word', text: 'ferry', posts: 3 }]))
  await openApp('/search?q=late+fery&from=bruno')
  await expect.element(page.getByText('No post matches “late fery”.')).toBeVisible()
  await expect
    .element(page.getByRole('link', { name: 'late ferry' }))
    .toHaveAttribute('href', '/search?q=late+ferry&from=bruno')
  await expect
    .element(page.getByRole('link', { name: 'Search without filters' }))
    .toHaveAttribute('href', '/search?q=late+fery')
})

test('a plain search is marked as one', async () => {
  network.on('GET /search/posts', {
    body: { message: 'Got posts!', degraded: true, data: [foundPost()] },
  })
  await openApp('/search?q=ferry')
  await expect.element(page.getByText('Search is resting')).toBeVisible()
})

test('from any page the margin’s field leads to the results', async () => {
  network.on(`GET /posts/${post().id}`, found(post()))
  network.on(`GET /posts/${post().id}/related`, found([]))
  network.on('GET /users/bruno', found(user()))
  network.on('GET /search/posts', found([foundPost()]))
  const router = await openApp(`/posts/${post().id}`, alice)
  await search('ferry')
  await expect.poll(() => router.currentRoute.value.fullPath).toBe('/search?q=ferry')
})
