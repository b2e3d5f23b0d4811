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
  // Bundled before the first test: finding one on the way would reload the page under a running test.
  optimizeDeps: {
    entries: ['src/**/*.spec.ts', 'src/**/*.vue'],
    include: ['vue', 'vue-router', 'pinia', '@pinia/colada', 'valibot', 'axe-core'],
  },
  test: {
    include: ['src/**/*.spec.ts'],
    setupFiles: ['./src/testing/setup.ts'],
    restoreMocks: true,
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
