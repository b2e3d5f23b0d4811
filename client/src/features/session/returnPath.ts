import type { RouteLocationNormalizedLoaded } from 'vue-router'

/** Where to go after signing in: a path of this app that was asked for, else home. */
export function returnPath(route: Pick<RouteLocationNormalizedLoaded, 'query'>): string {
  const asked = route.query.return
  return typeof asked === 'string' && /^\/(?![/\\])/.test(asked) ? asked : '/'
}
