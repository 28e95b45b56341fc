import type { Client } from './client.ts'
import { retryAfterMs } from './retry.ts'

export type WaitOptions<Body> = {
  readonly signal?: AbortSignal
  /** Sees every look that is not the last. */
  readonly onProgress?: (body: Body) => void
}

const firstPauseMs = 250
const growth = 1.5
const longestPauseMs = 8000

type Look<Body> = { readonly body: Body; readonly headers: Headers; readonly ended: boolean }

/** Looks until what takes its time has ended. Pauses grow from 0.25 s to 8 s, and are never shorter than Retry-After asks. */
export const untilEnded = async <Body>(
  { sleep }: Client,
  { signal, onProgress }: WaitOptions<Body>,
  look: (signal: AbortSignal | undefined) => Promise<Look<Body>>,
): Promise<Body> => {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * growth, longestPauseMs)) {
    const { body, headers, ended } = await look(signal)
    if (ended) return body
    onProgress?.(body)
    await sleep(Math.max(retryAfterMs(headers, Date.now()) ?? 0, pauseMs), signal)
  }
}
