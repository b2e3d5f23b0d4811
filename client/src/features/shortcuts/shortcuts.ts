import type { Router } from 'vue-router'

import { useSessionStore } from '@/features/session/useSessionStore'
import { m } from '@/paraglide/messages'

import { isSheetOpen } from './shortcutSheet'
import { focusPost, focusSearchField, pressNewPosts } from './walking'

export interface Shortcut {
  /** As `KeyboardEvent.key` names them, one after the other. */
  keys: readonly [string] | readonly [string, string]
  means: () => string
  run: () => unknown
  /** Whether it is of use now. Default: always. */
  isOffered?: () => boolean
}

/** Every shortcut, in the order of the sheet. */
export function allShortcuts(router: Router): Shortcut[] {
  const store = useSessionStore()
  const isSignedIn = () => store.isSignedIn

  return [
    { keys: ['j'], means: m.shortcut_next_post, run: () => focusPost(1) },
    { keys: ['k'], means: m.shortcut_previous_post, run: () => focusPost(-1) },
    { keys: ['.'], means: m.shortcut_new_posts, run: pressNewPosts },
    {
      keys: ['/'],
      means: m.search,
      run: () => focusSearchField() || router.push({ name: 'search' }),
    },
    { keys: ['n'], means: m.write, run: () => router.push({ name: 'write' }) },
    { keys: ['g', 'h'], means: m.home, run: () => router.push({ name: 'home' }) },
    {
      keys: ['g', 'f'],
      means: m.following,
      run: () => router.push({ name: 'following' }),
      isOffered: isSignedIn,
    },
    { keys: ['g', 'p'], means: m.people, run: () => router.push({ name: 'people' }) },
    {
      keys: ['g', 'm'],
      means: m.my_page,
      run: () =>
        router.push({ name: 'author', params: { username: store.session?.username ?? '' } }),
      isOffered: isSignedIn,
    },
    { keys: ['g', 's'], means: m.settings, run: () => router.push({ name: 'settings' }) },
    { keys: ['?'], means: m.shortcuts_show, run: () => (isSheetOpen.value = true) },
  ]
}
