import { backoffMs, type FailedTry, mayRetry, wasClosed } from './retry.ts'
import { type Answer, type BodyForm, type Fetch, type Try, tryOnce } from './try.ts'

export * from './errors.ts'
export type { Answer, Fetch } from './try.ts'

/** What is told of tries; `console` is one. Bodies and keys are never in it. */
export type Logger = {
  readonly debug?: (message: string) => void
  readonly warn?: (message: string) => void
}

export type ClientOptions = {
  /** Where the service answers, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** A key, or what gives it, asked before each try. */
  readonly key?: string | (() => string | Promise<string>)
  readonly fetch?: Fetch
  readonly logger?: Logger
  /** Of one try; 60 s by default. */
  readonly timeoutMs?: number
  /** 2 by default; 0 tries once. */
  readonly maxRetries?: number
  /** How the pause before a retry, and between two looks at what takes its time, passes. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
}

type Body = string | Uint8Array | Blob | object

export type RequestOptions = {
  /** Bytes and text are sent as they are, anything else as JSON. */
  readonly body?: Body | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** Undefined members are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly signal?: AbortSignal | undefined
  /** `bytes` for an answer that is a file: a Uint8Array, whatever its type; `stream` for one that may be larger than memory. */
  readonly as?: BodyForm
  /** Of one try, instead of the client's. */
  readonly timeoutMs?: number | undefined
  /** The same over all tries: it makes a POST safe to repeat. */
  readonly idempotencyKey?: string
  /** Whether it may be sent twice: a GET, and what has an idempotency key, by default. */
  readonly repeatable?: boolean
}

export type Client = {
  readonly url: string
  /**
   * Sends one request, and again as people who are charged for calls would want it. Throws an ApiError. A path that is
   * a whole URL is another's address: the key is not sent there.
   */
  readonly request: <Body = unknown>(method: string, path: string, options?: RequestOptions) => Promise<Answer<Body>>
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
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

const isWhole = (path: string): boolean => /^https?:\/\//.test(path)

const urlOf = (base: string, path: string, query: RequestOptions['query'] = {}): string => {
  const url = new URL(isWhole(path) ? path : base.replace(/\/+$/, '') + path)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url.href
}

type Content = { readonly body?: Uint8Array<ArrayBuffer> | Blob | string; readonly type?: string }

const contentOf = (body: Body | undefined): Content => {
  if (body === undefined) return {}
  if (body instanceof Blob) return { body, type: 'application/octet-stream' }
  // A view of any buffer can be sent; fetch's type leaves shared memory out.
  if (body instanceof Uint8Array) return { body: body as Uint8Array<ArrayBuffer>, type: 'application/octet-stream' }
  if (typeof body === 'string') return { body, type: 'text/plain; charset=utf-8' }
  return { body: JSON.stringify(body), type: 'application/json' }
}

const outcomeOf = (tried: Try): string =>
  tried.kind === 'answer'
    ? `${tried.answer.status} ${tried.answer.requestId ?? ''}`.trimEnd()
    : `${tried.error.status ?? ''} ${tried.error.code} ${tried.error.requestId ?? ''}`.trim()

/** Connects nothing yet: requests to one service, for the functions of this folder. Needs nothing but fetch. */
export const connect = ({
  url,
  key,
  fetch = (target, init) => globalThis.fetch(target, init),
  logger = {},
  timeoutMs = usualTimeoutMs,
  maxRetries = usualRetries,
  sleep = sleepFor,
}: ClientOptions): Client => {
  const headersOf = async (path: string, type: string | undefined, options: RequestOptions) => {
    const secret = isWhole(path) ? undefined : typeof key === 'function' ? await key() : key
    return {
      ...(!isWhole(path) && { accept: 'application/json' }),
      ...(type && { 'content-type': type }),
      ...(secret && { authorization: `Bearer ${secret}` }),
      ...(options.idempotencyKey !== undefined && { 'idempotency-key': options.idempotencyKey }),
      ...options.headers,
    }
  }

  const request = async (method: string, path: string, options: RequestOptions = {}): Promise<Answer> => {
    const target = urlOf(url, path, options.query)
    const { body, type } = contentOf(options.body)
    const { repeatable = method === 'GET' || method === 'HEAD' || options.idempotencyKey !== undefined } = options
    let [retries, closed] = [0, false]
    for (;;) {
      const headers = await headersOf(path, type, options)
      const init = { method, headers, ...(body !== undefined && { body }), signal: options.signal ?? null }
      const startMs = performance.now()
      const tried = await tryOnce(fetch, target, init, options.timeoutMs ?? timeoutMs, options.as)
      // A signed address is a secret, so another's is told without its query.
      const where = `${method} ${target.split('?', 1)[0]}`
      logger.debug?.(`${where}: ${outcomeOf(tried)} in ${Math.round(performance.now() - startMs)} ms`)
      if (tried.kind === 'answer') return tried.answer
      const failed: FailedTry = { ...tried, repeatable }
      const again = `${where}: ${outcomeOf(tried)}, trying again`
      if (!closed && wasClosed(failed)) {
        closed = true
        logger.warn?.(`${again} at once`)
        continue
      }
      if (retries >= maxRetries || !mayRetry(failed)) throw tried.error
      const pauseMs = tried.error.retryAfterMs ?? backoffMs(retries, Math.random())
      retries += 1
      logger.warn?.(`${again} in ${Math.round(pauseMs)} ms (${retries} of ${maxRetries})`)
      await sleep(pauseMs, options.signal)
    }
  }
  // The caller names the body that the route answers with, as docs/http.md gives it.
  return { url, request: request as Client['request'], sleep }
}
