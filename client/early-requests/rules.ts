import { existsSync, readFileSync } from 'node:fs'

/** Which `Link` header goes with which address; `$1` is what the expression's brackets hold. */
export interface Rule {
  address: string
  link: string
}

/** The build puts them here, beside what it serves. */
export const FILE_NAME = 'early_requests.json'

/** @param folder of the build. While developing there is none. */
export function readRules(folder: string): Rule[] {
  const path = `${folder}/${FILE_NAME}`
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Rule[]) : []
}

/** @param target path and query, as a browser asks for them. */
export function linkFor(target: string, rules: Rule[]): string | undefined {
  for (const { address, link } of rules) {
    const match = new RegExp(address).exec(target)
    if (match) return link.replace('$1', match[1] ?? '')
  }
  return undefined
}
