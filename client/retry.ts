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
const passing = (status: number): boolean => status === 408 || status === 429 || (status >= 500 && status !== 501)

/**
 * Whether a failed try may be repeated. A POST that reached the service may have been charged, so only reads are; and
 * any request whose connection was refused. An answer's `x-should-retry` is obeyed.
 */
export const mayRetry = (method: string, error: ApiError, shouldRetry: string | null): boolean => {
  if (error.retryAfterMs !== undefined && error.retryAfterMs > longestRetryAfterMs) return false
  if (shouldRetry === 'false') return false
  if (shouldRetry === 'true') return true
  if (error instanceof ConnectionError && unsent.has(error.code)) return true
  if (method !== 'GET' && method !== 'HEAD') return false
  return error instanceof ConnectionError || passing(error.status ?? 0)
}
