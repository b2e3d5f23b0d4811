import type { Plugin } from 'vite'

const MESSAGES = '@/paraglide/messages'
const IMPORT = /import { m } from ['"]@\/paraglide\/messages['"]/
/** `m.home`, which templates are compiled to as `_unref(m).home`. */
const USE = /(?:\b_?unref\(m\)|(?<![\w$.])m)\.(\w+)/g

/**
 * Imports each message by itself. A template hands the object with all of them to Vue, so that the build would put the
 * words of every page into the first script.
 */
export function separateMessages(): Plugin {
  return {
    name: 'separate-messages',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { code: IMPORT },
      handler(code) {
        const used = new Set<string>()
        const changed = code.replace(USE, (_use, key: string) => {
          used.add(key)
          return `m_${key}`
        })
        const imports = Array.from(
          used,
          (key) => `import { ${key} as m_${key} } from '${MESSAGES}/${key}.js'`,
        )
        return { code: changed.replace(IMPORT, () => imports.join(';')), map: null }
      },
    },
  }
}
