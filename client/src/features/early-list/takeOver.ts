import { nextTask } from '@/ui/nextTask'

import type { EarlyList } from './earlyList'

/** So long the client waits for the early list: a slow answer is not to hold up the rest of the page. */
const PATIENCE_MS = 500

/** Lets the first posts be seen before the client's own work begins. */
export async function letEarlyListBeSeen(): Promise<void> {
  const settled = window.earlyList?.settled
  const enough = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))
  await (settled ? Promise.race([settled, enough]) : nextTask())
}

/** Where the client is to draw: behind the early list, unseen, if there is one. */
export function placeForClient(): Element {
  const list = noted()
  list.isClientThere = true
  if (!list.frame) return frameOfPage()
  list.place = document.createElement('div')
  list.place.hidden = true
  list.frame.after(list.place)
  return list.place
}

/** Shows what the client has drawn in place of the early list. Who had the focus on one of its links has it still. */
export function giveWay(): void {
  const { frame, place } = noted()
  if (!frame || !place) return
  const focused = frame.querySelector('a:focus')?.getAttribute('href')
  place.id = frame.id
  place.hidden = false
  frame.replaceWith(place)
  if (focused) place.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus()
  window.earlyList = { isClientThere: true }
}

function frameOfPage(): Element {
  const frame = document.querySelector('#app')
  if (!frame) throw new TypeError('The page has no #app.')
  return frame
}

function noted(): EarlyList {
  return (window.earlyList ??= {})
}
