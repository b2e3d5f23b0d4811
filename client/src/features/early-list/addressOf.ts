/** Where a post in a list leads: by name, as for the router. */
export type EarlyTarget =
  | { name: 'post'; params: { id: string } }
  | { name: 'author'; params: { username: string } }
  | { name: 'search'; query: { q: string } }

/** The address that the router has for it, without the router. */
export function addressOf(target: EarlyTarget): string {
  switch (target.name) {
    case 'post':
      return `/posts/${encodeURIComponent(target.params.id)}`
    case 'author':
      return `/authors/${encodeURIComponent(target.params.username)}`
    case 'search':
      return `/search?q=${encodeURIComponent(target.query.q)}`
  }
}
