import type { LocationQuery } from 'vue-router'

export const searchOrders = ['relevance', 'newest'] as const
export type SearchOrder = (typeof searchOrders)[number]

/** What is searched for, from `?q=`. */
export function searchWords(query: LocationQuery): string {
  return typeof query.q === 'string' ? query.q : ''
}

/** In which order, from `?order=`. */
export function searchOrder(query: LocationQuery): SearchOrder {
  return query.order === 'newest' ? 'newest' : 'relevance'
}
