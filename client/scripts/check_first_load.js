// Fails when the JavaScript a first visit loads, the entry and what it imports statically, outgrows its budget.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_BYTES = 100_000
const BYTES_IN_A_KILOBYTE = 1000
const dist = new URL('../dist/', import.meta.url)

/** @param {string} path */
function read(path) {
  return readFileSync(new URL(path, dist), 'utf8')
}

/** @param {string} code @returns {string[]} paths of static imports, relative to the folder of assets */
function staticImports(code) {
  return Array.from(
    code.matchAll(/(?:^|[;}\n])(?:import|export)(?:[\w$*{}, ]*?from)?\s*["'`]\.\/([^"'`]+)["'`]/g),
    ([, name]) => `assets/${name}`,
  )
}

/** @param {string} path @param {Set<string>} loaded */
function follow(path, loaded) {
  if (loaded.has(path)) return loaded
  loaded.add(path)
  for (const next of staticImports(read(path))) follow(next, loaded)
  return loaded
}

const scripts = Array.from(
  read('index.html').matchAll(/<script[^>]*\bsrc="\/([^"]+)"/g),
  ([, path]) => path ?? '',
)
const earlyLists = readdirSync(new URL('assets', dist))
  .filter((name) => /^early-list-.*\.js$/.test(name))
  .map((name) => `assets/${name}`)
/** @type {Set<string>} */
const loaded = new Set()
for (const script of [...scripts, ...earlyLists]) follow(script, loaded)

let total = 0
for (const path of loaded) {
  const size = gzipSync(read(path), { level: 9 }).length
  total += size
  console.log(`${(size / BYTES_IN_A_KILOBYTE).toFixed(1).padStart(7)} kB  ${path}`)
}
const summary = `${(total / BYTES_IN_A_KILOBYTE).toFixed(1)} kB of ${BUDGET_BYTES / BYTES_IN_A_KILOBYTE} kB gzip at first load`
if (total > BUDGET_BYTES) {
  console.error(`Too large: ${summary}`)
  process.exit(1)
}
console.log(summary)
