import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type { Plugin, Rolldown } from 'vite'

interface FirstRequests {
  /** A regular expression for path and query. */
  address: string
  /** The page's component, unless it is part of the first script. */
  page?: string
  /** What the page asks the API for, letter by letter; `$1` is what the expression's brackets hold. */
  question?: string
}

/** Where most visits begin: at everyone's posts, at a post that was mailed, at what somebody passed on. */
const VISITS: FirstRequests[] = [
  { address: '^/($|\\?)', question: '/api/posts?limit=20' },
  {
    address: '^/posts/([^/?]+)($|\\?)',
    page: 'src/features/read-post/PostPage.vue',
    question: '/api/posts/$1',
  },
  { address: '^/search($|\\?)', page: 'src/features/search/SearchPage.vue' },
  // For one word or tag: what has to be encoded is not always encoded alike.
  {
    address: '^/search\\?q=((%23)?\\w+)$',
    question: '/api/search/posts?q=$1&order=relevance&limit=20',
  },
  { address: '^/sign-in($|\\?)', page: 'src/features/sign-in/SignInPage.vue' },
]
/** As `index.html` asks for it, and as Vite makes it ask for the client. */
const IN_PAGE = '/first-script/appearance.js'
const CLIENT_IN_PAGE = '<script type="module"'

/**
 * Makes one file of what has to run before the first paint and of what asks for a page's code and content before the
 * client's code is there. While developing only the former runs.
 */
export function firstScript(): Plugin {
  let fileName = ''
  return {
    name: 'first-script',
    apply: 'build',
    generateBundle(_options, bundle) {
      const requests = VISITS.map(({ address, page, question }) => ({
        address,
        code: page ? codeOf(page, bundle) : [],
        question,
      }))
      const source =
        readScript('appearance.js') +
        readScript('requests.js').replace('FIRST_REQUESTS', () => JSON.stringify(requests))
      const hash = createHash('sha256').update(source).digest('hex').slice(0, 8)
      fileName = `assets/first-${hash}.js`
      this.emitFile({ type: 'asset', fileName, source })
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html) => {
        // The frame is shown without the client: its stylesheet is to come first.
        return replaceOnce(
          replaceOnce(html, IN_PAGE, `/${fileName}`),
          CLIENT_IN_PAGE,
          `${CLIENT_IN_PAGE} fetchpriority="low"`,
        )
      },
    },
  }
}

function replaceOnce(text: string, from: string, to: string): string {
  const parts = text.split(from)
  if (parts.length !== 2) throw new Error(`${from} is ${parts.length - 1} times in index.html`)
  return parts.join(to)
}

function readScript(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

/** The page's own file and those it imports, without the first script, which every page imports. */
function codeOf(page: string, bundle: Rolldown.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const ofPage = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(page))
  if (!ofPage) throw new Error(`The build made no file of ${page}.`)
  const imported = chunks.filter(
    ({ fileName, isEntry, name }) =>
      ofPage.imports.includes(fileName) && !isEntry && name !== 'client',
  )
  return [ofPage, ...imported].map(({ fileName }) => `/${fileName}`)
}
