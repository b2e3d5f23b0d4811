import { existsSync } from 'node:fs'

import vue from '@vitejs/plugin-vue'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

import { alias } from './vite.config.ts'

/** The system's Chromium where there is one, else the one Playwright installs. */
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias },
  // All there is to bundle, before the first test: finding more on the way would reload the page under running tests.
  optimizeDeps: {
    noDiscovery: true,
    include: [
      '@pinia/colada',
      '@vue/test-utils',
      'axe-core',
      'pinia',
      'reka-ui',
      'valibot',
      'vitest-browser-vue',
      'vue',
      'vue-router',
    ],
  },
  test: {
    include: ['src/**/*.spec.ts'],
    setupFiles: ['./src/testing/setup.ts'],
    restoreMocks: true,
    // A page's code is fetched when it is first opened, here from a server and a machine that are busy with other tests.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      viewport: { width: 1280, height: 800 },
      instances: [{ browser: 'chromium' }],
      provider: playwright({
        launchOptions: {
          ...(existsSync(CHROMIUM) && { executablePath: CHROMIUM }),
          args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
        },
      }),
    },
  },
})
