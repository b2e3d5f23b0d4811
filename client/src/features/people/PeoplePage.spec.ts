import { page } from 'vitest/browser'
import { expect, test } from 'vitest'

import type { FollowMember, MailChoice } from '@/api'
import { found, network, refused } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, brunoId, user } from '@/testing/people'

const bruno: FollowMember = { id: brunoId, username: 'bruno', bio: 'Writes at dawn.' }
const carmen: FollowMember = {
  id: '019ab1c2-0000-7000-8000-00000000c309',
  username: 'carmen',
  bio: '',
}
const name = () => page.getByRole('main').getByLabelText('Find someone by name')
const people = () => page.getByRole('main').getByRole('listitem')

test('everyone is listed with what they say about themselves', async () => {
  network.on('GET /users', found([bruno, carmen]))
  await openApp('/people')
  await expect.element(people().first()).toHaveTextContent('Writes at dawn.')
  await expect.element(page.getByRole('link', { name: 'carmen' })).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Follow bruno' })).not.toBeInTheDocument()
})

test('the list follows what is typed, and the address remembers it', async () => {
  network.on('GET /users', ({ query }) => found(query.prefix === 'car' ? [carmen] : [bruno]))
  const router = await openApp('/people')
  await name().fill('car')
  await expect.element(page.getByRole('link', { name: 'carmen' })).toBeVisible()
  await expect.element(page.getByRole('link', { name: 'bruno' })).not.toBeInTheDocument()
  expect(router.currentRoute.value.fullPath).toBe('/people?name=car')
  await expect.element(name()).toHaveFocus()
})

test('of two searches the later one holds, whichever is answered first', async () => {
  let answerFirst = (): void => undefined
  const after = new Promise<void>((resolve) => (answerFirst = resolve))
  network.on('GET /users', ({ query }) =>
    query.prefix === 'b' ? { ...found([bruno]), after } : found([carmen]),
  )
  const router = await openApp('/people?name=b')
  await router.replace('/people?name=c')
  await expect.element(page.getByRole('link', { name: 'carmen' })).toBeVisible()
  answerFirst()
  await expect.poll(() => network.sent('GET /users')[0]?.signal.aborted).toBe(true)
  await expect.element(page.getByRole('link', { name: 'carmen' })).toBeVisible()
  await expect.element(page.getByRole('link', { name: 'bruno' })).not.toBeInTheDocument()
})

test('a member follows from the list', async () => {
  network.on('GET /users', found([bruno, { ...carmen, id: alice.id, username: 'alice' }]))
  network.on('GET /users/bruno', found(user()))
  network.on('PUT /users/bruno/follow', ({ body }) => {
    network.on('GET /users/bruno', found(user({ follow: body as { mail: MailChoice } })))
    return found(body)
  })
  await openApp('/people', alice)
  await page.getByRole('button', { name: 'Follow bruno' }).click()
  await expect.element(page.getByRole('button', { name: 'Following, mail at once' })).toBeVisible()
  // Nobody follows themselves.
  expect(network.sent('GET /users/alice')).toHaveLength(0)
})

test('the next people come when they are asked for', async () => {
  network.on('GET /users', ({ query }) =>
    query.after === 'bruno'
      ? found([carmen])
      : found([bruno], { Link: '</api/users?after=bruno&limit=20>; rel="next"' }),
  )
  await openApp('/people')
  await expect.element(page.getByRole('link', { name: 'carmen' })).toBeVisible()
})

test('a name that nobody has says so, and leads back to everyone', async () => {
  network.on('GET /users', ({ query }) => found(query.prefix ? [] : [bruno]))
  await openApp('/people?name=zz')
  await expect.element(page.getByText('name begins with “zz”')).toBeVisible()
  await page.getByRole('link', { name: 'Show everyone' }).click()
  await expect.element(page.getByRole('link', { name: 'bruno' })).toBeVisible()
  await expect.element(name()).toHaveValue('')
})

test('a failure of the server names the request, for the operator', async () => {
  network.on('GET /users', refused(500, 'internal_error', { headers: { 'X-Request-ID': 'f00d' } }))
  await openApp('/people')
  await expect.element(page.getByRole('alert')).toHaveTextContent('request f00d')
})

test('a part that is down is said with when to try again', async () => {
  network.on('GET /users', refused(503, 'part_unavailable', { headers: { 'Retry-After': '5' } }))
  await openApp('/people')
  await expect.element(page.getByRole('alert')).toHaveTextContent('Try again in 5 seconds.')
  network.on('GET /users', found([bruno]))
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(page.getByRole('link', { name: 'bruno' })).toBeVisible()
})
