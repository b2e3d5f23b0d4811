// Writes what the build wants asked for early as an nginx map, so that it is kept in one place.
import { fileURLToPath } from 'node:url'

import { readRules } from '../early-requests/rules.ts'

console.log('map $request_uri $early_requests {')
for (const { address, link } of readRules(fileURLToPath(new URL('../dist', import.meta.url)))) {
  console.log(`    "~${address}" "${link}";`)
}
console.log('}')
