import { ServerResponse } from 'node:http'

import type { ProxyOptions } from 'vite'

const DEFAULT_BACKEND_URL = 'http://127.0.0.1:8000'
const BACKEND_TIMEOUT_MS = 30_000
const RETRY_AFTER_SECONDS = 5

/** What the preview server sends with every file. The image's nginx is given the same (nginx/security_headers.js). */
export const securityHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Content-Type-Options': 'nosniff',
}

/** Passes `/api/*` on to the backend without the prefix, as Traefik does in front of the containers. */
export function backendProxy(backendUrl = DEFAULT_BACKEND_URL): Record<string, ProxyOptions> {
  return {
    '^/api(/|\\?|$)': {
      target: backendUrl,
      proxyTimeout: BACKEND_TIMEOUT_MS,
      rewrite: (path) => path.replace(/^\/api(?=\/|$|\?)/, '') || '/',
      configure: (proxy) => {
        proxy.on('proxyReq', (proxyRequest, request) => {
          // This is the edge: what a visitor claims to have been forwarded is overwritten, not appended to.
          proxyRequest.setHeader('X-Forwarded-For', request.socket.remoteAddress ?? '')
          proxyRequest.setHeader('X-Forwarded-Host', request.headers.host ?? '')
          proxyRequest.setHeader('X-Forwarded-Proto', 'http')
        })
        proxy.on('error', (_error, _request, response) => {
          if (!(response instanceof ServerResponse) || response.headersSent) return
          response.writeHead(503, {
            'Content-Type': 'application/json',
            'Retry-After': String(RETRY_AFTER_SECONDS),
          })
          response.end(
            JSON.stringify({
              message: 'The backend server does not answer.',
              code: 'backend_unavailable',
            }),
          )
        })
      },
    },
  }
}
