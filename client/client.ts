import { ConnectionError } from './errors.ts'
import { backoffMs, mayRetry } from './retry.ts'
import { type Answer, type Fetch, tryOnce } from './try.ts'

export * from './errors.ts'
export type { Answer, Fetch } from './try.ts'

export type ClientOptions = {
  /** Where the service answers, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** A key, or what gives it, asked before each try. */
  readonly key?: string | (() => string | Promise<string>)
  readonly fetch?: Fetch
  /** Of one try; 60 s by default. */
  readonly timeoutMs?: number
  /** 2 by default; 0 tries once. */
  readonly maxRetries?: number
  /** How the pause before a retry passes. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
}

export type RequestOptions = {
  /** Bytes and text are sent as they are, anything else as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Undefined members are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly signal?: AbortSignal
  /** `bytes` for an answer whose body is a file: it comes as a Uint8Array, whatever its type. */
  readonly as?: 'bytes'
  /** Of one try, instead of the client's. */
  readonly timeoutMs?: number
}

export type Client = {
  readonly url: string
  /** Sends one request, and again as people who are charged for calls would want it. Throws an ApiError. */
  readonly request: <Body = unknown>(method: string, path: string, options?: RequestOptions) => Promise<Answer<Body>>
}

// Twice what the gateway gives an answer.
const usualTimeoutMs = 60_000
const usualRetries = 2

const sleepFor = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })
  })

const urlOf = (base: string, path: string, query: RequestOptions['query'] = {}): string => {
  const url = new URL(base.replace(/\/+$/, '') + path)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url.href
}

const contentOf = (body: unknown): { readonly body?: Uint8Array<ArrayBuffer> | string; readonly type?: string } => {
  if (body === undefined) return {}
  // A view of any buffer can be sent; fetch's type leaves shared memory out.
  if (body instanceof Uint8Array) return { body: body as Uint8Array<ArrayBuffer>, type: 'application/octet-stream' }
  if (typeof body === 'string') return { body, type: 'text/plain; charset=utf-8' }
  return { body: JSON.stringify(body), type: 'application/json' }
}

/** A client of one service. Needs nothing but fetch, so it runs in Node, browsers and workers alike. */
export const createClient = ({
  url,
  key,
  fetch = globalThis.fetch,
  timeoutMs = usualTimeoutMs,
  maxRetries = usualRetries,
  sleep = sleepFor,
}: ClientOptions): Client => {
  const request = async (method: string, path: string, options: RequestOptions = {}): Promise<Answer> => {
    const target = urlOf(url, path, options.query)
    const { body, type } = contentOf(options.body)
    for (let retries = 0; ; retries++) {
      const secret = typeof key === 'function' ? await key() : key
      const headers = {
        accept: 'application/json',
        ...(type && { 'content-type': type }),
        ...(secret && { authorization: `Bearer ${secret}` }),
        ...options.headers,
      }
      const init = { method, headers, ...(body !== undefined && { body }), signal: options.signal ?? null }
      const tried = await tryOnce(fetch, target, init, options.timeoutMs ?? timeoutMs, options.as)
      if (tried.kind === 'answer') return tried.answer
      const { error, shouldRetry } = tried
      if (retries >= maxRetries || !mayRetry(method, error, shouldRetry)) throw error
      await sleep(error.retryAfterMs ?? backoffMs(retries, Math.random()), options.signal)
    }
  }
  // The caller names the body that the route answers with, as docs/http.md gives it.
  return { url, request: request as Client['request'] }
}

/** Whether an error means that nothing answered at all. */
export const isUnreachable = (error: unknown): error is ConnectionError => error instanceof ConnectionError
