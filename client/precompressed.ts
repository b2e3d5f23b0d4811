import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { constants, gzipSync } from 'node:zlib'

import type { Connect, Plugin } from 'vite'

import { linkFor, readRules, type Rule } from './early-requests/rules.ts'
import { securityHeaders } from './server.config.ts'

const TYPES: Record<string, string> = {
  css: 'text/css',
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
  svg: 'image/svg+xml',
  txt: 'text/plain',
}
const WORTH_IT = new RegExp(`\\.(${Object.keys(TYPES).join('|')})$`)
const A_YEAR_SECONDS = 31_536_000

/**
 * Compresses every file of the build once, and serves it so while previewing. In the container nginx does the same with
 * the same files (`gzip_static`), and with the same `Link` headers (nginx/early_requests.js).
 */
export function precompressed(): Plugin {
  let folder = ''
  return {
    name: 'precompressed',
    configResolved({ build, root }) {
      folder = join(root, build.outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        for (const name of worthCompressing(folder)) {
          const path = join(folder, name)
          const options = { level: constants.Z_BEST_COMPRESSION }
          writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), options))
        }
      },
    },
    configurePreviewServer({ middlewares }) {
      const names = new Set(worthCompressing(folder).map((name) => `/${name}`))
      const build = { folder, names, rules: readRules(folder) }
      middlewares.use((request, response, next) => serve(build, request, response, next))
    },
  }
}

function worthCompressing(folder: string): string[] {
  return readdirSync(folder, { encoding: 'utf8', recursive: true }).filter((name) =>
    WORTH_IT.test(name),
  )
}

function serve(
  { folder, names, rules }: { folder: string; names: Set<string>; rules: Rule[] },
  request: IncomingMessage,
  response: ServerResponse,
  next: Connect.NextFunction,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const isPage = asksForPage(request, pathname)
  const name = isPage ? '/index.html' : pathname
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding']))
  if (request.method !== 'GET' || !takesGzip || !names.has(name)) {
    next()
    return
  }
  const link = isPage && linkFor(request.url ?? '/', rules)
  const isUnchanging = name.startsWith('/assets/')
  response.writeHead(200, {
    ...securityHeaders,
    'Content-Type': `${TYPES[name.split('.').at(-1) ?? '']}; charset=utf-8`,
    'Content-Encoding': 'gzip',
    Vary: 'Accept-Encoding',
    'Cache-Control': isUnchanging ? `public, max-age=${A_YEAR_SECONDS}, immutable` : 'no-cache',
    ...(link && { Link: link }),
  })
  response.end(readFileSync(join(folder, `${name}.gz`)))
}

function asksForPage({ headers }: IncomingMessage, pathname: string): boolean {
  const isFile = pathname.split('/').at(-1)?.includes('.') ?? false
  return !isFile && !/^\/api(\/|$)/.test(pathname) && String(headers.accept).includes('text/html')
}
