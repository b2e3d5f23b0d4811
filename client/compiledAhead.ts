import type { Plugin } from 'vite'

/** V8's explicit compile hint: https://github.com/WICG/explicit-javascript-compile-hints-file-based */
export const COMPILED_AHEAD = '//# allFunctionsCalledOnLoad\n'

/**
 * Has browsers compile the whole first script while they fetch it. Nearly all of it runs at once, and to compile each
 * function when it is first called took half the time in which a page did not answer.
 */
export function compiledAhead(): Plugin {
  return {
    name: 'compiled-ahead',
    apply: 'build',
    generateBundle: {
      // The hint has to be the first line, after all that is put before the code.
      order: 'post',
      handler(_options, bundle) {
        const client = Object.values(bundle).find(({ name }) => name === 'client')
        if (client?.type !== 'chunk') throw new Error('The build made no file named client.')
        client.code = COMPILED_AHEAD + client.code
      },
    },
  }
}
