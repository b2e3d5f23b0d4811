export interface Visit {
  /** A regular expression for path and query, for JavaScript and for nginx. */
  address: string
  /** The page's component, unless it is part of the first script. */
  page?: string
  /** What the page asks the API for, letter by letter; `$1` is what the expression's brackets hold. */
  question?: string
  /** Whether the answer is shown before the client is there (early-list). */
  hasEarlyList?: true
}

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const POST_PAGE = 'src/features/read-post/PostPage.vue'
const SEARCH_PAGE = 'src/features/search/SearchPage.vue'
const SIGN_IN_PAGE = 'src/features/sign-in/SignInPage.vue'

/**
 * Where most visits begin: at everyone's posts, at a post that was mailed, at what somebody passed on. The first one
 * that an address matches counts.
 */
export const VISITS: Visit[] = [
  { address: '^/(?:\\?|$)', question: '/api/posts?limit=20', hasEarlyList: true },
  { address: `^/posts/(${ID})(?:\\?|$)`, page: POST_PAGE, question: '/api/posts/$1' },
  // For one word or tag: what has to be encoded is not always encoded alike.
  {
    address: '^/search\\?q=((?:%23)?\\w+)$',
    page: SEARCH_PAGE,
    question: '/api/search/posts?q=$1&order=relevance&limit=20',
  },
  { address: '^/search(?:\\?|$)', page: SEARCH_PAGE },
  { address: '^/sign-in(?:\\?|$)', page: SIGN_IN_PAGE },
]
