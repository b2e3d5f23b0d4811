import { page, userEvent } from 'vitest/browser'
import { beforeEach, expect, test } from 'vitest'

import { expectNoBarrier } from '@/testing/barriers'
import { found, network } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, post, user } from '@/testing/people'

import { areShortcutsOn } from './shortcutChoice'
import { isSheetOpen } from './shortcutSheet'

const older = post({ id: '019ab1c2-1111-7000-8000-000000000000', title: 'Older' })
const sheet = () => page.getByRole('dialog', { name: 'Keyboard shortcuts' })

beforeEach(() => {
  areShortcutsOn.value = true
  isSheetOpen.value = false
  network.on('GET /posts', found([post(), older]))
  network.on('GET /users', found([user()]))
  network.on('GET /feed', found([]))
})

test('j and k walk from post to post, and Enter opens one', async () => {
  network.on(`GET /posts/${older.id}`, found(older))
  network.on('GET /users/bruno', found(user()))
  const router = await openApp('/')
  await expect.element(page.getByRole('link', { name: post().title })).toBeVisible()
  await userEvent.keyboard('j')
  await expect.element(page.getByRole('link', { name: post().title })).toHaveFocus()
  await userEvent.keyboard('j')
  await expect.element(page.getByRole('link', { name: 'Older' })).toHaveFocus()
  await userEvent.keyboard('k')
  await expect.element(page.getByRole('link', { name: post().title })).toHaveFocus()
  await userEvent.keyboard('j{Enter}')
  await expect.poll(() => router.currentRoute.value.path).toBe(`/posts/${older.id}`)
})

test('two keys one after the other go to a page', async () => {
  const router = await openApp('/', alice)
  await userEvent.keyboard('gp')
  await expect.poll(() => router.currentRoute.value.name).toBe('people')
  await userEvent.keyboard('gf')
  await expect.poll(() => router.currentRoute.value.name).toBe('following')
})

test('a slash goes to the field for searching', async () => {
  await openApp('/people')
  await userEvent.keyboard('/')
  await expect.element(page.getByRole('combobox', { name: 'Search posts' })).toHaveFocus()
})

test('what is typed into a field is no shortcut', async () => {
  const router = await openApp('/people')
  const field = page.getByRole('searchbox', { name: 'Find someone by name' })
  await userEvent.type(field, 'gh?n')
  await expect.element(field).toHaveValue('gh?n')
  expect(router.currentRoute.value.name).toBe('people')
  await expect.element(sheet()).not.toBeInTheDocument()
})

test('a question mark opens the sheet, which lists what is of use, without a barrier', async () => {
  await openApp('/')
  await userEvent.keyboard('?')
  await expect.element(sheet()).toBeVisible()
  await expect.element(sheet().getByText('Next post')).toBeVisible()
  await expect.element(sheet().getByText('My page')).not.toBeInTheDocument()
  await expectNoBarrier()
  await userEvent.keyboard('{Escape}')
  await expect.element(sheet()).not.toBeInTheDocument()
})

test('single keys can be turned off, and on again from the settings', async () => {
  const router = await openApp('/')
  await userEvent.keyboard('?')
  await sheet().getByLabelText('Use single keys').click()
  await sheet().getByRole('button', { name: 'Close' }).click()
  await userEvent.keyboard('gp?')
  await expect.element(sheet()).not.toBeInTheDocument()
  expect(router.currentRoute.value.name).toBe('home')
  expect(localStorage.getItem('shortcuts')).toBe('off')

  await router.push('/settings')
  await page.getByRole('button', { name: 'Show all shortcuts' }).click()
  await sheet().getByLabelText('Use single keys').click()
  await sheet().getByRole('button', { name: 'Close' }).click()
  await userEvent.keyboard('gh')
  await expect.poll(() => router.currentRoute.value.name).toBe('home')
})
