import {
  createRouter,
  createWebHistory,
  START_LOCATION,
  type RouteLocation,
  type RouteLocationRaw,
  type Router,
  type RouterHistory,
} from 'vue-router'

import { ageAnnouncement } from '@/features/announce/announcement'
import { returnPath } from '@/features/session/returnPath'
import { useSessionStore } from '@/features/session/useSessionStore'
import { nextTask } from '@/ui/nextTask'

import { routes } from './routes'

export function createAppRouter(history: RouterHistory = createWebHistory()): Router {
  const router = createRouter({
    history,
    routes,
    // A page that opens is at its top; to say so would have it laid out twice.
    scrollBehavior: (to, from, saved) =>
      saved ?? (to.path === from.path || from === START_LOCATION ? false : { top: 0 }),
  })

  // The frame first, then the code of what is in it, then that itself.
  router.beforeEach((_to, from) => (from === START_LOCATION ? nextTask() : undefined))
  router.beforeResolve((_to, from) => (from === START_LOCATION ? nextTask() : undefined))

  router.beforeEach(async (to) => {
    const session = useSessionStore()
    if (to.meta.session === undefined) return true
    await (to.meta.session === 'required' ? session.certain() : session.known())
    if (to.meta.session === 'required' && !session.isSignedIn) {
      return session.failure ? unreachable(to) : signInFirst(to)
    }
    if (to.meta.session === 'absent' && session.isSignedIn) return returnPath(to)
    return true
  })

  router.afterEach((to, from) => {
    if (to.path !== from.path) ageAnnouncement()
  })

  return router
}

function signInFirst(to: RouteLocation): RouteLocationRaw {
  return { name: 'sign-in', query: { return: to.fullPath } }
}

/** At the address that was asked for, so that loading the page again asks for it again. */
function unreachable({ path, query, hash }: RouteLocation): RouteLocationRaw {
  return { name: 'unreachable', params: { path: path.split('/').slice(1) }, query, hash }
}
