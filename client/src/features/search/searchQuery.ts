import type { LocationQuery, LocationQueryRaw } from 'vue-router'

export const searchOrders = ['relevance', 'newest'] as const
export type SearchOrder = (typeof searchOrders)[number]

export const searchFilters = ['from', 'tag', 'language', 'after', 'before'] as const
export type SearchFilter = (typeof searchFilters)[number]
/** What the results are kept to; empty: not by that. */
export type SearchFilters = Record<SearchFilter, string>

/** What is searched for, from `?q=`. */
export function searchWords(query: LocationQuery): string {
  return typeof query.q === 'string' ? query.q : ''
}

/** In which order, from `?order=`. */
export function searchOrder(query: LocationQuery): SearchOrder {
  return query.order === 'newest' ? 'newest' : 'relevance'
}

export function readFilters(query: LocationQuery): SearchFilters {
  const read = (name: SearchFilter) => (typeof query[name] === 'string' ? query[name] : '')
  return {
    from: read('from'),
    tag: read('tag'),
    language: read('language'),
    after: read('after'),
    before: read('before'),
  }
}

/** The address of a search: only what is set is in it. */
export function searchAddress(
  words: string,
  order: SearchOrder,
  filters: SearchFilters,
): LocationQueryRaw {
  const set = searchFilters.filter((name) => filters[name].trim() !== '')
  return {
    ...(words.trim() !== '' && { q: words.trim() }),
    ...(order === 'newest' && { order }),
    ...Object.fromEntries(set.map((name) => [name, filters[name].trim()])),
  }
}

/** Words and filters in the language of the backend's queries: `ferry from:bruno tag:harbour after:2026-01-31`. */
export function backendQuery(words: string, filters: SearchFilters): string {
  const terms = [
    words.trim(),
    term('from', filters.from.replace(/^@/, '')),
    term('tag', filters.tag.replace(/^#/, '')),
    term('after', filters.after),
    term('before', filters.before),
  ]
  return terms.filter(Boolean).join(' ')
}

function term(name: string, value: string): string {
  const word = value.trim().split(/\s+/)[0]
  return word ? `${name}:${word}` : ''
}
