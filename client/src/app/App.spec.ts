import axe from 'axe-core'
import { page } from 'vitest/browser'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'

import type { Session } from '@/api'
import { chooseLanguage } from '@/i18n/language'
import { expectNoBarrier } from '@/testing/barriers'
import { found, network } from '@/testing/network'
import { openApp } from '@/testing/openApp'
import { alice, browserSession, foundPost, ownAccount, post, user } from '@/testing/people'

import en from '../../messages/en.json'

afterEach(() => chooseLanguage(null))

function answerEverything(): void {
  network.on('GET /posts', found([post()]))
  network.on('GET /feed', found([]))
  network.on('GET /posts/bruno', found([post()]))
  network.on('GET /users/bruno', found(user({ follow: { mail: 'digest' } })))
  network.on('GET /users/alice', found(user({ id: alice.id, username: 'alice' })))
  network.on(`GET /posts/${post().id}`, found(post()))
  network.on('GET /search/posts', found([foundPost()]))
  network.on('GET /users/bruno/followers', found([user()]))
  network.on('GET /users', found([user()]))
  network.on('GET /users/me', found(ownAccount()))
  network.on('GET /auth/sessions', found([browserSession()]))
  network.on('GET /notifications/unsubscribe/t0ken', found({ author_username: 'bruno' }))
}

test('after going to another page its content has the focus and the window its title', async () => {
  answerEverything()
  await openApp('/')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await expect.element(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect.element(page.getByRole('main')).toHaveFocus()
  expect(document.title).toBe('Sign in · Decoupled')
})

test('a field that is in use keeps the focus when another page opens', async () => {
  answerEverything()
  const router = await openApp('/sign-in')
  const username = page.getByLabelText('Username', { exact: true })
  const opened = new MutationObserver(() => (username.query() as HTMLElement | null)?.focus())
  opened.observe(document.body, { childList: true, subtree: true })
  await router.push('/register')
  await expect.element(username).toHaveFocus()
  opened.disconnect()
  // The next turn of the event loop: whatever moves the focus after a navigation has done so.
  await new Promise((resolve) => setTimeout(resolve))
  await expect.element(username).toHaveFocus()
})

test('an address that leads nowhere says so and leads back', async () => {
  await openApp('/nowhere/at/all')
  await expect.element(page.getByRole('heading', { name: 'Nothing at this address' })).toBeVisible()
  await expect.element(page.getByRole('link', { name: 'Go to the posts' })).toBeVisible()
})

test('a page that breaks says so, and the rest of the window goes on working', async () => {
  vi.spyOn(window, 'reportError').mockImplementation(() => undefined)
  network.on(`GET /posts/${post().id}`, found(post({ created_at: 'no time' })))
  network.on('GET /posts', found([post()]))
  await openApp(`/posts/${post().id}`)
  await expect.element(page.getByRole('alert')).toHaveTextContent('This page stopped working')
  expect(window.reportError).toHaveBeenCalledOnce()
  await page.getByRole('link', { name: 'Home' }).click()
  await expect.element(page.getByRole('heading', { name: post().title })).toBeVisible()
})

test('a chosen language holds at once, without losing what was typed', async () => {
  await openApp('/settings')
  await page.getByLabelText('Search posts').fill('ferry')
  await page.getByRole('radio', { name: 'Español' }).click()
  await expect.element(page.getByRole('heading', { name: 'Ajustes' })).toBeVisible()
  await expect.element(page.getByLabelText('Buscar publicaciones')).toHaveValue('ferry')
  expect(document.documentElement.lang).toBe('es')
  expect(localStorage.getItem('language')).toBe('es')
})

test('a chosen theme holds at once and is remembered', async () => {
  await openApp('/settings')
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect.poll(() => document.documentElement.dataset.theme).toBe('dark')
  expect(localStorage.getItem('theme')).toBe('dark')
  await page.getByRole('radio', { name: 'Like the system' }).nth(1).click()
  await expect.poll(() => document.documentElement.dataset.theme).toBeUndefined()
})

const PAGES: [path: string, as: Session | null][] = [
  ['/', null],
  ['/', alice],
  ['/following', alice],
  ['/authors/bruno', alice],
  [`/posts/${post().id}`, alice],
  ['/write', alice],
  ['/search?q=ferry', null],
  ['/register', null],
  ['/sign-in', null],
  ['/forgot-password', null],
  ['/reset-password', null],
  ['/unsubscribe/t0ken', null],
  ['/authors/bruno/followers', alice],
  ['/people', alice],
  ['/people', null],
  ['/settings', alice],
  ['/settings/profile', alice],
  ['/settings/email', alice],
  ['/settings/mail', alice],
  ['/settings/password', alice],
  ['/settings/browsers', alice],
  ['/settings/data', alice],
  ['/nowhere', null],
]

test.each(PAGES)('axe finds no barrier at %s', async (path, as) => {
  answerEverything()
  await openApp(path, as)
  await expect.element(page.getByRole('heading', { level: 1 })).toBeInTheDocument()
  await expect.poll(() => document.querySelector('.loading')).toBeNull()
  await expectNoBarrier()
})

test.each([
  ['light', undefined],
  ['dark', undefined],
  ['light', 'more'],
  ['dark', 'more'],
])('everything can be told from its ground in %s, with contrast %s', async (theme, contrast) => {
  answerEverything()
  const { dataset } = document.documentElement
  dataset.theme = theme
  if (contrast) dataset.contrast = contrast
  onTestFinished(() => {
    delete dataset.theme
    delete dataset.contrast
  })
  const router = await openApp('/settings/password', alice)
  await page.getByLabelText('New password').fill('alice123')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await expect.element(page.getByText('Enter the password.')).toBeVisible()
  expect(await contrastFaults()).toEqual([])
  for (const path of ['/settings/data', '/people', '/authors/bruno', `/posts/${post().id}`]) {
    await router.push(path)
    await expect.element(page.getByRole('heading', { level: 1 })).toBeInTheDocument()
    await expect.poll(() => document.querySelector('.loading')).toBeNull()
    expect(await contrastFaults()).toEqual([])
  }
})

/** Who asks for more contrast gets 7:1 (WCAG AAA). */
async function contrastFaults(): Promise<string[]> {
  const isMore = document.documentElement.dataset.contrast === 'more'
  const { violations } = await axe.run(document, {
    runOnly: [
      isMore ? 'color-contrast-enhanced' : 'color-contrast',
      'link-in-text-block',
      'target-size',
    ],
  })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

test.each(PAGES)('nothing is left in English at %s', async (path, as) => {
  chooseLanguage('es')
  answerEverything()
  await openApp(path, as)
  await expect.element(page.getByRole('heading', { level: 1 })).toBeInTheDocument()
  await expect.poll(() => document.querySelector('.loading')).toBeNull()
  const shown = [...document.querySelectorAll('main *, nav *')].flatMap((element) => [
    ...[...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE),
    ...['aria-label', 'placeholder', 'title'].map((name) => element.getAttributeNode(name)),
  ])
  const english = new Set<string>([...Object.keys(en), ...Object.values(en).map(String)])
  expect(
    shown.map((node) => node?.textContent?.trim() ?? '').filter((text) => english.has(text)),
  ).toEqual([])
})
