import { fileURLToPath, URL } from 'node:url'

import { paraglideVitePlugin } from '@inlang/paraglide-js'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

import { compiledAhead } from './compiledAhead.ts'
import { earlyList } from './early-list/plugin.ts'
import { earlyRequests } from './early-requests/plugin.ts'
import { firstScript } from './first-script/plugin.ts'
import { precompressed } from './precompressed.ts'
import { backendProxy, securityHeaders } from './server.config.ts'
import { separateMessages } from './separateMessages.ts'
import { serviceWorkerFiles } from './service-worker/plugin.ts'

const DEFAULT_PORT = 8080
/** Paths of what is not written for forms. */
const NOT_FOR_FORMS =
  /^(?!.*\/(valibot|account|choose-password|register|reset-password|write-post|forms\/(?!ChoiceGroup|FieldError|TextField))).*$/

export const alias = { '@': fileURLToPath(new URL('./src', import.meta.url)) }

const listening = {
  host: process.env.WEB_HOST ?? '127.0.0.1',
  port: Number(process.env.WEB_PORT ?? DEFAULT_PORT),
  strictPort: true,
  // Who may read answers from elsewhere is the backend's business.
  cors: false,
  proxy: backendProxy(process.env.BACKEND_URL),
}

export default defineConfig(({ command, isPreview }) => ({
  plugins: [
    // Every component has a setup function: what is for others is left out.
    vue({ features: { optionsAPI: false } }),
    separateMessages(),
    earlyList(),
    firstScript(),
    earlyRequests(),
    compiledAhead(),
    serviceWorkerFiles(),
    precompressed(),
    // `npm run generate` compiles the messages; while developing they are compiled again when they change.
    command === 'serve' &&
      !isPreview &&
      paraglideVitePlugin({
        project: './project.inlang',
        outdir: './src/paraglide',
        // The language is chosen in src/i18n/language.ts, where Vue can see it change.
        strategy: ['baseLocale'],
        emitReadme: false,
      }),
  ],
  resolve: { alias },
  build: {
    target: 'es2023',
    // The first ones with light-dark(), which would otherwise be rewritten.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // All of it is smaller than what fetching it page by page costs.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: 'index.html', 'service-worker': 'service-worker/worker.ts' },
      output: {
        // A service worker rules over the folder it is in.
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js',
        // All that a first visit needs in one file: on a phone each round trip counts.
        codeSplitting: {
          groups: [
            { name: 'client', test: /\/src\/app\/main\.ts$/, priority: 2 },
            // What several pages share, so that each is no more than this and a file of its own: who reads needs no forms.
            { name: 'shared', test: NOT_FOR_FORMS, minShareCount: 2, priority: 1 },
            { name: 'forms', minShareCount: 2 },
          ],
        },
      },
      checks: { pluginTimings: false },
    },
  },
  server: listening,
  preview: { ...listening, headers: securityHeaders },
}))
