import type { Plugin, Rolldown } from 'vite'

import { FILE_NAME, type Rule } from './rules.ts'
import { VISITS } from './visits.ts'

/**
 * Has what a page needs asked for as soon as its first bytes have come: who serves it says so in a header. In a script
 * it would be said a round trip later.
 */
export function earlyRequests(): Plugin {
  return {
    name: 'early-requests',
    apply: 'build',
    generateBundle(_options, bundle) {
      const rules = VISITS.map(({ address, page, question }): Rule => {
        // In the order in which they are needed. A browser has few requests of low priority under way before the first
        // paint: named first, the client's code is one of them.
        const links = [
          codeLink(clientIn(bundle)),
          ...(question ? [`<${question}>; rel=preload; as=fetch; crossorigin`] : []),
          ...(page ? codeOf(page, bundle) : []).map(codeLink),
        ]
        return { address, link: links.join(', ') }
      })
      this.emitFile({ type: 'asset', fileName: FILE_NAME, source: JSON.stringify(rules) })
    },
  }
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
function codeOf(page: string, bundle: Rolldown.OutputBundle): string[] {
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
