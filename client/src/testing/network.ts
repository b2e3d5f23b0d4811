import { vi } from 'vitest'

export interface Answer {
  /** Default: 200. */
  status?: number
  /** Sent as JSON, unless it is a string. */
  body?: unknown
  headers?: Record<string, string>
  /** Answers only when this is settled. */
  after?: Promise<unknown>
}

/** What the client sent. */
export interface SentRequest {
  method: string
  /** Without the prefix of the API. */
  path: string
  query: Record<string, string>
  headers: Headers
  body: unknown
  signal: AbortSignal
}

type Answering = Answer | ((request: SentRequest) => Answer)

/** Stands between the client and the network: answers by method and path, and remembers what was asked. */
class Network {
  private answers = new Map<string, Answering>()
  private toAnythingElse: Answering | null = null
  requests: SentRequest[] = []

  install(): void {
    this.answers.clear()
    this.toAnythingElse = null
    this.requests = []
    vi.spyOn(window, 'fetch').mockImplementation((input, init) =>
      this.receive(new Request(input, init)),
    )
  }

  /** `network.on('GET /posts', …)`; a later answer replaces an earlier one. */
  on(methodAndPath: string, answer: Answering): void {
    this.answers.set(methodAndPath, answer)
  }

  /** For what every page asks: an answer that tests may replace. */
  onUnless(methodAndPath: string, answer: Answering): void {
    if (!this.answers.has(methodAndPath)) this.on(methodAndPath, answer)
  }

  /** For what no other answer is for. */
  onAnythingElse(answer: Answering): void {
    this.toAnythingElse = answer
  }

  /** All requests of one kind, in order. */
  sent(methodAndPath: string): SentRequest[] {
    return this.requests.filter(({ method, path }) => `${method} ${path}` === methodAndPath)
  }

  private async receive(request: Request): Promise<Response> {
    const sent = await describe(request)
    this.requests.push(sent)
    const answering = this.answers.get(`${sent.method} ${sent.path}`) ?? this.toAnythingElse
    if (!answering) throw new TypeError(`Nothing answers ${sent.method} ${sent.path}`)
    const answer = typeof answering === 'function' ? answering(sent) : answering
    await Promise.race([answer.after, aborted(request.signal)])
    const { body = { message: 'Done.' }, status = 200, headers } = answer
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'Content-Type': 'application/json', ...headers },
    })
  }
}

async function describe(request: Request): Promise<SentRequest> {
  const { pathname, searchParams } = new URL(request.url)
  const text = await request.text()
  return {
    method: request.method,
    path: decodeURIComponent(pathname.replace(/^\/api/, '')),
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    body: text === '' ? null : JSON.parse(text),
    signal: request.signal,
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

export const network = new Network()

/** An answer that carries data. */
export function found(data: unknown, headers?: Record<string, string>): Answer {
  return { body: { message: 'Got it!', data }, ...(headers && { headers }) }
}

/** An answer that says no. */
export function refused(
  status: number,
  code: string,
  more: {
    errors?: Record<string, string[]>
    details?: Record<string, string>
    headers?: Record<string, string>
  } = {},
): Answer {
  const { errors, details, headers } = more
  return {
    status,
    body: { message: 'No.', code, ...(errors && { errors }), ...(details && { details }) },
    ...(headers && { headers }),
  }
}
