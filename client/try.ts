import { type ApiError, ConnectionError, errorOf, TimeoutError } from './errors.ts'
import { retryAfterMs } from './retry.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type Answer<Body = unknown> = {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON; text of another type; null where there is none; bytes or a stream where they were asked for. */
  readonly body: Body
  readonly requestId: string | undefined
}

/** How one try ended: an answer, or an error and what the answer said about trying again. */
export type Try =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'error'; readonly error: ApiError; readonly shouldRetry: string | null }

const jsonType = /^application\/(?:[\w.+-]+\+)?json\b/i

const parse = (type: string, text: string): unknown => {
  if (text === '') return null
  if (!jsonType.test(type)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

// fetch wraps what happened in `cause`, and a failure of several addresses in an AggregateError.
const codeOf = (thrown: unknown): string => {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code } = error as { code?: unknown }
    if (typeof code === 'string') return code
    if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  }
  return 'CONNECTION_FAILED'
}

const deepest = (thrown: unknown): string => {
  let message = String(thrown)
  for (let error = thrown; error instanceof Error; error = error.cause) message = error.message || message
  return message
}

/** How a body is wanted that is not to be parsed by its type. */
export type BodyForm = 'bytes' | 'stream'

const bodyOf = async (response: Response, as: BodyForm | undefined): Promise<unknown> => {
  if (as === 'stream' && response.ok) return response.body
  if (as === 'bytes' && response.ok) return new Uint8Array(await response.arrayBuffer())
  return parse(response.headers.get('content-type') ?? '', await response.text())
}

/** Sends one request once. A caller's abort is thrown as it is; all else is a value. The time of a stream ends with its headers. */
export const tryOnce = async (
  fetch: Fetch,
  url: string,
  init: RequestInit,
  timeoutMs: number,
  as?: BodyForm,
): Promise<Try> => {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  const signal = init.signal ? AbortSignal.any([init.signal, timeout.signal]) : timeout.signal
  try {
    const response = await fetch(url, { ...init, signal })
    const { status, headers } = response
    const body = await bodyOf(response, as)
    if (response.ok) {
      const requestId = headers.get('percall-request-id') ?? headers.get('apigw-requestid') ?? undefined
      return { kind: 'answer', answer: { status, headers, body, requestId } }
    }
    const error = errorOf(status, headers, body, retryAfterMs(headers, Date.now()))
    return { kind: 'error', error, shouldRetry: headers.get('x-should-retry') }
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    const { origin } = new URL(url)
    const error = timeout.signal.aborted
      ? new TimeoutError(`no answer from ${origin} within ${timeoutMs} ms`, { code: 'TIMED_OUT' }, { cause })
      : new ConnectionError(`no connection to ${origin}: ${deepest(cause)}`, { code: codeOf(cause) }, { cause })
    return { kind: 'error', error, shouldRetry: null }
  } finally {
    clearTimeout(timer)
  }
}
