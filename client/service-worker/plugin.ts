import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Plugin } from 'vite'

const FILE_NAME = 'service-worker.js'
const NOT_KEPT = /^(index\.html|robots\.txt|early_requests\.json|service-worker\.js)$|-latin-/

/** Tells the service worker which files there are, and gives it another version whenever one of them is another. */
export function serviceWorkerFiles(): Plugin {
  let publicFolder = ''
  return {
    name: 'service-worker-files',
    apply: 'build',
    configResolved({ publicDir }) {
      publicFolder = publicDir
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[FILE_NAME]
        if (worker?.type !== 'chunk') throw new Error(`The build made no ${FILE_NAME}.`)
        const own = readdirSync(publicFolder)
        const version = createHash('sha256')
        for (const name of own) version.update(readFileSync(join(publicFolder, name)))
        for (const file of Object.values(bundle)) {
          version.update(file.type === 'chunk' ? file.code : file.source)
        }
        const files = [...Object.keys(bundle), ...own]
          .filter((name) => !NOT_KEPT.test(name))
          .map((name) => `/${name}`)
        const client = JSON.stringify({ version: version.digest('hex').slice(0, 12), files })
        worker.code = worker.code.replace('CLIENT', () => client)
      },
    },
  }
}
