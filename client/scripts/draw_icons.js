// Draws the icons that phones want as pixels. Run it after a change of either drawing: node scripts/draw_icons.js
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { chromium } from 'playwright'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const STAMP = new URL('../public/favicon.svg', import.meta.url)
/** Phones cut this one to their own shape: what matters is within the inner four fifths. */
const STAMP_ON_PAPER = new URL('icon_on_paper.svg', import.meta.url)
const ICONS = [
  { name: 'icon-192.png', drawing: STAMP, side: 192 },
  { name: 'icon-512.png', drawing: STAMP, side: 512 },
  { name: 'icon-maskable-512.png', drawing: STAMP_ON_PAPER, side: 512 },
  { name: 'apple-touch-icon.png', drawing: STAMP_ON_PAPER, side: 180 },
]

const browser = await chromium.launch({
  ...(existsSync(CHROMIUM) && { executablePath: CHROMIUM }),
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
})
const page = await browser.newPage()
for (const { name, drawing, side } of ICONS) {
  await page.setViewportSize({ width: side, height: side })
  await page.setContent(`<style>* { margin: 0 }</style>${readFileSync(drawing, 'utf8')}`)
  const path = fileURLToPath(new URL(`../public/${name}`, import.meta.url))
  await page.screenshot({ path, omitBackground: true })
}
await browser.close()
