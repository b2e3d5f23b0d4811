import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type { Plugin } from 'vite'

import { earlyListIn } from '../early-list/plugin.ts'

/** As `index.html` asks for it, and as Vite makes it ask for the client. */
const IN_PAGE = '/first-script/appearance.js'
const CLIENT_IN_PAGE = '<script type="module"'

/** Makes a file of what has to run before the first paint, and has the client's own code come after it. */
export function firstScript(): Plugin {
  let fileName = ''
  return {
    name: 'first-script',
    apply: 'build',
    generateBundle(_options, bundle) {
      const list = JSON.stringify(`/${earlyListIn(bundle)}`)
      const source = read('appearance.js') + read('earlyList.js').replace('EARLY_LIST', () => list)
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

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}

function replaceOnce(text: string, from: string, to: string): string {
  const parts = text.split(from)
  if (parts.length !== 2) throw new Error(`${from} is ${parts.length - 1} times in index.html`)
  return parts.join(to)
}
