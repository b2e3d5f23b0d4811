import { createHash } from 'node:crypto'
import { fileURLToPath, URL } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { build, type Plugin, type Rolldown } from 'vite'

import { COMPILED_AHEAD } from '../compiledAhead.ts'
import { separateMessages } from '../separateMessages.ts'

const SCRIPT = path('../src/features/early-list/script.ts')
const IN_PLACE_OF_VUE = path('../src/features/early-list/drawnOnce.ts')
const FILE_NAME = /^assets\/early-list-\w+\.js$/

/**
 * Makes a file of what shows the first posts before the client is there: the client's own components, built a second time
 * without Vue.
 */
export function earlyList(): Plugin {
  return {
    name: 'early-list',
    apply: 'build',
    async generateBundle() {
      const source = `${COMPILED_AHEAD}(() => {${await built()}})()`
      const hash = createHash('sha256').update(source).digest('hex').slice(0, 8)
      this.emitFile({ type: 'asset', fileName: `assets/early-list-${hash}.js`, source })
    },
  }
}

export function earlyListIn(bundle: Rolldown.OutputBundle): string {
  const fileName = Object.keys(bundle).find((name) => FILE_NAME.test(name))
  if (!fileName) throw new Error('The build made no early list.')
  return fileName
}

/** The code alone: what it is styled with is in the client's stylesheet. */
async function built(): Promise<string> {
  const { output } = (await build({
    configFile: false,
    root: path('..'),
    logLevel: 'warn',
    plugins: [vue({ features: { optionsAPI: false } }), separateMessages()],
    resolve: {
      alias: [
        { find: '@', replacement: path('../src') },
        { find: /^vue$/, replacement: IN_PLACE_OF_VUE },
      ],
    },
    build: {
      write: false,
      copyPublicDir: false,
      target: 'es2023',
      rolldownOptions: { input: SCRIPT },
    },
  })) as Rolldown.RolldownOutput
  return output[0].code
}

function path(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
