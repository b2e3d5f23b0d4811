import { page } from 'vitest/browser'
import { expect, test } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { post } from '@/testing/people'

const older = post({ id: '019ab1c2-1111-7000-8000-000000000000', title: 'Older' })
const ferry = () => page.getByRole('heading', { name: 'The ferry leaves without us' })

test('strangers read everyone’s posts, and older ones when they ask', async () => {
  network.on('GET /posts', ({ query }) =>
    query.before === undefined
      ? found([post()], { Link: '</api/posts?before=b1>; rel="next"' })
      : found([older]),
  )
  await openApp('/')
  await expect.element(ferry()).toBeVisible()
  await page.getByRole('button', { name: 'Older posts' }).click()
  await expect.element(page.getByRole('heading', { name: 'Older' })).toBeVisible()
  await expect.element(ferry()).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Older posts' })).not.toBeInTheDocument()
  expect(network.sent('GET /posts').at(-1)?.query).toEqual({ before: 'b1' })
})

test('no posts at all: one sentence and one thing to do', async () => {
  network.on('GET /posts', found([]))
  await openApp('/')
  await expect.element(page.getByText('Nobody has posted anything yet.')).toBeVisible()
  await expect.element(page.getByRole('link', { name: 'Write the first post' })).toBeVisible()
})

test('a failure says what to do next, and trying again works', async () => {
  network.on('GET /posts', refused(503, 'postgres_down'))
  await openApp('/')
  await expect.element(page.getByRole('alert')).toHaveTextContent('not answering')
  network.on('GET /posts', found([post()]))
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(ferry()).toBeVisible()
})

test('leaving stops what was under way', async () => {
  network.on('GET /posts', { after: new Promise(() => undefined) })
  const router = await openApp('/')
  await expect.poll(() => network.sent('GET /posts')).toHaveLength(1)
  await router.push('/sign-in')
  await expect.poll(() => network.sent('GET /posts')[0]?.signal.aborted).toBe(true)
})
