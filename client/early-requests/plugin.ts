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
        const code = page ? codeOf(page, bundle) : []
        const links = [
          ...code.map((file) => `<${file}>; rel=modulepreload; crossorigin`),
          ...(question ? [`<${question}>; rel=preload; as=fetch; crossorigin`] : []),
        ]
        return { address, link: links.join(', ') }
      })
      this.emitFile({ type: 'asset', fileName: FILE_NAME, source: JSON.stringify(rules) })
    },
  }
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
