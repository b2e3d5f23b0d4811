import { page } from 'vitest/browser'
import { expect, test, vi } from 'vitest'

import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { post } from '@/testing/people'

const older = post({ id: '019ab1c2-1111-7000-8000-000000000000', title: 'Older' })
const ferry = () => page.getByRole('heading', { name: 'The ferry leaves without us' })

const fetches = () => network.sent('GET /posts')
const newer = post({ id: '019ab1c2-2222-7000-8000-000000000001', title: 'Newer' })

/** As after a while in another window. */
function lookAgain(): void {
  document.dispatchEvent(new Event('visibilitychange'))
}

test('strangers read everyone’s posts, and older ones as they get there', async () => {
  network.on('GET /posts', ({ query }) =>
    query.before === undefined
      ? found([post()], { Link: '</api/posts?before=b1>; rel="next"' })
      : found([older]),
  )
  await openApp('/')
  await expect.element(ferry()).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Older' })).toBeVisible()
  await expect.element(ferry()).toBeVisible()
  await expect.element(page.getByText('That is all.')).toBeVisible()
  expect(network.sent('GET /posts').at(-1)?.query).toEqual({ limit: '20', before: 'b1' })
})

test('a long list is shown from its beginning before all of it is drawn', async () => {
  const posts = Array.from({ length: 20 }, (_, place) =>
    post({ id: `019ab1c2-3333-7000-8000-0000000000${10 + place}`, title: `Post ${place + 1}` }),
  )
  const titles = () =>
    Array.from(document.querySelectorAll('article h2'), (title) => title.textContent.trim())
  const drawn: string[][] = []
  const observer = new MutationObserver(() => drawn.push(titles()))
  observer.observe(document.body, { childList: true, subtree: true })
  network.on('GET /posts', found(posts))
  await openApp('/')
  await expect.element(page.getByText('That is all.')).toBeVisible()
  observer.disconnect()
  expect(titles()).toEqual(posts.map(({ title }) => title))
  const first = drawn.find((shown) => shown.length > 0) ?? []
  expect(first.length).toBeLessThan(20)
  expect(first).toEqual(titles().slice(0, first.length))
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

test('new posts are announced, and shown when asked for', async () => {
  network.on('GET /posts', found([post()]))
  await openApp('/')
  await expect.element(ferry()).toBeVisible()
  network.on('GET /posts', found([newer, post({ title: 'The ferry waits' })]))
  lookAgain()

  await expect.element(page.getByRole('heading', { name: 'The ferry waits' })).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Newer' })).not.toBeInTheDocument()
  await page.getByRole('button', { name: '1 new post' }).click()
  await expect.element(page.getByRole('link', { name: 'Newer' })).toHaveFocus()
  await expect.element(page.getByRole('heading', { name: 'The ferry waits' })).toBeVisible()
  await expect.element(page.getByRole('button', { name: '1 new post' })).not.toBeInTheDocument()
})

test('what was deleted meanwhile goes, and older pages stay', async () => {
  const gone = post({ id: '019ab1c2-1111-7000-8000-000000000003', title: 'Gone' })
  network.on('GET /posts', ({ query }) =>
    query.before === undefined
      ? found([gone, post()], { Link: '</api/posts?before=b1>; rel="next"' })
      : found([older]),
  )
  await openApp('/')
  await expect.element(page.getByRole('heading', { name: 'Older' })).toBeVisible()
  network.on('GET /posts', found([post()]))
  lookAgain()
  await expect.element(page.getByRole('heading', { name: 'Gone' })).not.toBeInTheDocument()
  await expect.element(page.getByRole('heading', { name: 'Older' })).toBeVisible()
})

test('of two looks for new posts the later one counts, whichever is answered first', async () => {
  network.on('GET /posts', found([post()]))
  await openApp('/')
  await expect.element(ferry()).toBeVisible()
  let answerFirst = (): void => undefined
  const after = new Promise<void>((resolve) => (answerFirst = resolve))
  network.on('GET /posts', { ...found([post()]), after })
  lookAgain()
  await expect.poll(fetches).toHaveLength(2)
  network.on('GET /posts', found([newer, post()]))
  lookAgain()
  await expect.element(page.getByRole('button', { name: '1 new post' })).toBeVisible()
  answerFirst()
  expect(fetches()[1]?.signal.aborted).toBe(true)
  await expect.element(page.getByRole('button', { name: '1 new post' })).toBeVisible()
})

test('who comes back finds all pages as they left them, and is told what is new', async () => {
  network.on('GET /posts', ({ query }) =>
    query.before === undefined
      ? found([post()], { Link: '</api/posts?before=b1>; rel="next"' })
      : found([older]),
  )
  const router = await openApp('/')
  await expect.element(page.getByRole('heading', { name: 'Older' })).toBeVisible()
  await router.push('/sign-in')
  network.on('GET /posts', found([newer, post()]))
  await router.push('/')
  await expect.element(page.getByRole('heading', { name: 'Older' })).toBeVisible()
  await expect.element(page.getByRole('button', { name: '1 new post' })).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Newer' })).not.toBeInTheDocument()
})

test('offline, the list says so and goes on by itself afterwards', async () => {
  const isOnline = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  await openApp('/')
  await expect.element(page.getByRole('heading', { name: 'You are offline' })).toBeVisible()
  network.on('GET /posts', found([post()]))
  isOnline.mockReturnValue(true)
  window.dispatchEvent(new Event('online'))
  await expect.element(ferry()).toBeVisible()
})
