/** Token bucket: `burst` tokens at most, `ratePerSecond` new ones a second; a request without a token is refused. */
import type { Throttle } from './api.ts'

/** Gives a function that takes a token, or answers false. */
export const createBucket = ({ ratePerSecond, burst }: Throttle, now: () => number): (() => boolean) => {
  let tokens = burst
  let filledAtMs = now()
  return () => {
    const nowMs = now()
    if (ratePerSecond === Number.POSITIVE_INFINITY) tokens = burst
    else tokens = Math.min(burst, tokens + (Math.max(0, nowMs - filledAtMs) / 1000) * ratePerSecond)
    filledAtMs = nowMs
    if (tokens < 1) return false
    tokens--
    return true
  }
}
