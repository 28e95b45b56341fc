import { type ApiError, ConnectionError } from './errors.ts'

/** An answer that asks for more than this is an error at once: to wait less would be to ignore it. */
const longestRetryAfterMs = 60_000
const firstBackoffMs = 500
const longestBackoffMs = 8000
const jitter = 0.25

// A number of milliseconds or seconds, whole or not; Number('') is 0, so an empty header must not pass.
const asNumber = (text: string | null): number | undefined => {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}

/** `retry-after-ms`, else Retry-After in seconds (a fraction too) or as a date; undefined for none and for other words. */
export const retryAfterMs = (headers: Headers, nowMs: number): number | undefined => {
  const ms = asNumber(headers.get('retry-after-ms'))
  if (ms !== undefined) return ms
  const text = headers.get('retry-after')
  const seconds = asNumber(text)
  if (seconds !== undefined) return seconds * 1000
  // Date.parse takes `-1` for a year; an HTTP date begins with the name of a day (RFC 9110 5.6.7).
  const dateMs = text !== null && /^[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs)
}

/** 0.5 s x 2^n to 8 s, less up to a quarter. `random` in [0, 1). */
export const backoffMs = (retries: number, random: number): number =>
  Math.min(firstBackoffMs * 2 ** retries, longestBackoffMs) * (1 - jitter * random)

// Node's and undici's codes of connections that ended before a byte of the request was sent.
const unsent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])
// A kept connection that the other side closed, as it does to a process that was frozen meanwhile.
const closed = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])
const passing = (status: number): boolean => status === 408 || status === 429 || (status >= 500 && status !== 501)

/** A try that failed, and what decides whether another one is allowed. */
export type FailedTry = {
  readonly error: ApiError
  /** The answer's `x-should-retry`. */
  readonly shouldRetry: string | null
  /** A read, or a request that its idempotency key makes safe to send twice. */
  readonly repeatable: boolean
}

/**
 * Whether a failed try may be followed by another. What reached the service may have been charged, so nothing is sent
 * twice but reads, requests with an idempotency key, and any request whose connection was refused. `x-should-retry` is
 * obeyed; a 402, a call beyond its time and a Retry-After beyond a minute end it at once. A 409 is passing only where it names a time.
 */
export const mayRetry = ({ error, shouldRetry, repeatable }: FailedTry): boolean => {
  const { status, retryAfterMs: askedMs } = error
  if (status === 402 || (askedMs !== undefined && askedMs > longestRetryAfterMs)) return false
  if (shouldRetry === 'false') return false
  if (shouldRetry === 'true') return true
  if (error instanceof ConnectionError && unsent.has(error.code)) return true
  // The same call would take as long again.
  if (!repeatable || error.code === 'INFERENCE_TIMEOUT') return false
  if (error instanceof ConnectionError) return true
  return passing(status ?? 0) || (status === 409 && askedMs !== undefined)
}

/** Whether the connection was closed while nobody looked: such a try is not counted, once. */
export const wasClosed = ({ error, repeatable }: FailedTry): boolean =>
  repeatable && error instanceof ConnectionError && closed.has(error.code)
