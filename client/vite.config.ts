import { fileURLToPath, URL } from 'node:url'

import { paraglideVitePlugin } from '@inlang/paraglide-js'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

import { backendProxy, securityHeaders } from './server.config.ts'

const DEFAULT_PORT = 8080

export default defineConfig({
  plugins: [
    vue(),
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/paraglide',
      // The language is chosen in src/i18n/language.ts, where Vue can see it change.
      strategy: ['baseLocale'],
      emitReadme: false,
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2023',
    // The first ones with light-dark(), which would otherwise be rewritten.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: {
    host: process.env.WEB_HOST ?? '127.0.0.1',
    port: Number(process.env.WEB_PORT ?? DEFAULT_PORT),
    strictPort: true,
    proxy: backendProxy(process.env.BACKEND_URL),
  },
  preview: {
    host: process.env.WEB_HOST ?? '127.0.0.1',
    port: Number(process.env.WEB_PORT ?? DEFAULT_PORT),
    strictPort: true,
    proxy: backendProxy(process.env.BACKEND_URL),
    headers: securityHeaders,
  },
})
