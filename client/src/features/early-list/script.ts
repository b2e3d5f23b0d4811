import type { Post } from '@/api'
import { keepEarlyAnswer } from '@/api/earlyAnswer'
import { POSTS_AT_FIRST, POSTS_ON_A_PAGE } from '@/features/read-posts/howMany'
import { signedInBefore } from '@/features/session/signedInBefore'
import { currentLanguage } from '@/i18n/language'
import { overwriteGetLocale } from '@/paraglide/runtime'
import { nextFrame } from '@/ui/nextTask'

import { drawOnce, type Component } from './drawnOnce'
import EarlyLink from './EarlyLink.vue'
import type { EarlyList } from './earlyList'
import EarlyPage from './EarlyPage.vue'

const ADDRESS = `/api/posts?limit=${POSTS_ON_A_PAGE}`
/** As for every request of the client (src/api/clientSettings.ts). */
const REQUEST_LIMIT_MS = 20_000
/** As in src/ui/fonts.css. */
const TYPEFACES = ['Newsreader', 'Instrument Sans']

// A member sees more than this list, and the client knows what.
if (!window.earlyList?.isClientThere && !signedInBefore.isSo()) begin()

function begin(): void {
  const answer = fetch(ADDRESS, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) })
  // Read once, for both: to read a copy takes a phone several turns.
  const text = answer.then((response) => response.text())
  const response = Promise.all([answer, text]).then(([given, body]) => new Response(body, given))
  // A failure is for whoever takes the answer, and until then for nobody.
  response.catch(() => undefined)
  keepEarlyAnswer(ADDRESS, response)
  const list: EarlyList = {}
  // Whatever goes wrong here, the client goes on.
  list.settled = show(list, text).catch(reportError)
  window.earlyList = list
}

async function show(list: EarlyList, text: Promise<string>): Promise<void> {
  const posts = await firstPosts(text)
  await typefaces()
  const frame = document.querySelector('#app')
  if (posts.length === 0 || !frame || list.isClientThere) return
  overwriteGetLocale(currentLanguage)
  const page = drawOnce(asDrawn(EarlyPage), { posts }, { RouterLink: asDrawn(EarlyLink) })
  frame.querySelector('.window')?.append(page)
  list.frame = frame
  await nextFrame()
}

/** None of an answer that is no list: what to say then is the client's business. */
async function firstPosts(text: Promise<string>): Promise<Post[]> {
  try {
    const { data } = JSON.parse(await text) as { data?: Post[] }
    return data?.slice(0, POSTS_AT_FIRST) ?? []
  } catch {
    return []
  }
}

/** Waits for the type: text that is read before it is there would be broken into lines anew, and move what is below. */
async function typefaces(): Promise<void> {
  const styles = document.querySelector<HTMLLinkElement>('link[rel="stylesheet"]')
  // Before that there is no typeface to wait for.
  if (!styles?.sheet) await new Promise((resolve) => styles?.addEventListener('load', resolve))
  await Promise.allSettled(TYPEFACES.map((name) => document.fonts.load(`1em '${name}'`)))
}

/** To TypeScript it is a component of Vue. */
function asDrawn(component: unknown): Component {
  return component as Component
}
