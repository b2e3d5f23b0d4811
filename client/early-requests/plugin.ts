import type { Plugin, Rolldown } from 'vite'

import { earlyListIn } from '../early-list/plugin.ts'
import { FILE_NAME, type Rule } from './rules.ts'
import { VISITS } from './visits.ts'

/** As index.html preloads them; the uncut ones are named by their alphabets, too. */
const CUT_FONT = /\/(newsreader|instrument-sans)-[\w-]{8}\.woff2$/

/**
 * Has what a page needs asked for as soon as its first bytes have come: who serves it says so in a header. In a script
 * it would be said a round trip later.
 */
export function earlyRequests(): Plugin {
  return {
    name: 'early-requests',
    apply: 'build',
    generateBundle(_options, bundle) {
      const rules = VISITS.map((visit): Rule => {
        const asked = visit.question
          ? [`<${visit.question}>; rel=preload; as=fetch; crossorigin`]
          : []
        // In the order in which they are needed. A browser has few requests of low priority under way before the first
        // paint: named before its page's, the client's code is one of them.
        const links = visit.hasEarlyList
          ? [...earlyListLinks(bundle), ...asked, codeLink(clientIn(bundle))]
          : [codeLink(clientIn(bundle)), ...asked, ...codeOf(visit.page, bundle).map(codeLink)]
        return { address: visit.address, link: links.join(', ') }
      })
      this.emitFile({ type: 'asset', fileName: FILE_NAME, source: JSON.stringify(rules) })
    },
  }
}

/**
 * What draws the first posts, and the type, for which it waits: so it may be of low priority, like all that the first paint
 * does not need.
 */
function earlyListLinks(bundle: Rolldown.OutputBundle): string[] {
  const fonts = Object.keys(bundle).filter((name) => CUT_FONT.test(name))
  return [
    `</${earlyListIn(bundle)}>; rel=preload; as=script; fetchpriority=low`,
    ...fonts.map((name) => `</${name}>; rel=preload; as=font; crossorigin`),
  ]
}

/** Of low priority, as the client's code is in `index.html`: the first paint needs none of it. */
function codeLink(file: string): string {
  return `</${file}>; rel=modulepreload; crossorigin; fetchpriority=low`
}

/** The first script, which every page imports. */
function clientIn(bundle: Rolldown.OutputBundle): string {
  const client = Object.values(bundle).find(({ name }) => name === 'client')
  if (!client) throw new Error('The build made no file named client.')
  return client.fileName
}

/** The page's own file and those it imports besides the client, or those import. */
function codeOf(page: string | undefined, bundle: Rolldown.OutputBundle): string[] {
  if (!page) return []
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const ofPage = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(page))
  if (!ofPage) throw new Error(`The build made no file of ${page}.`)
  const files = new Set([ofPage.fileName])
  // A set that grows is gone through to its end.
  for (const file of files) {
    const chunk = chunks.find(({ fileName }) => fileName === file)
    if (chunk?.name !== 'client') for (const imported of chunk?.imports ?? []) files.add(imported)
  }
  files.delete(clientIn(bundle))
  return [...files]
}
