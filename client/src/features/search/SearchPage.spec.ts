import { page } from 'vitest/browser'
import { expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { foundPost } from '@/testing/people'

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
  expect(network.sent('GET /search/posts')[0]?.query).toEqual({ q: 'ferry', order: 'relevance' })
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
