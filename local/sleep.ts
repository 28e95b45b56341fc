/**
 * Waiting that can be injected and aborted: for a time (sleep) or for an outcome (race).
 * Does: resolve after durationMs, reject with the signal's reason at once. Does not: survive a restart (keep due times).
 */

export type Sleep = (durationMs: number, signal: AbortSignal) => Promise<void>

/** setTimeout turns delays above 2^31-1 ms into 1 ms (Node.js, timers): longer ones are slept in parts. */
const longestTimerMs = 2 ** 31 - 1

export const sleep: Sleep = async (durationMs, signal) => {
  for (let leftMs = Math.max(0, durationMs); ; leftMs -= longestTimerMs) {
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      const timer = setTimeout(
        () => {
          signal.removeEventListener('abort', abort)
          resolve()
        },
        Math.min(leftMs, longestTimerMs),
      )
      signal.addEventListener('abort', abort, { once: true })
    })
    if (leftMs <= longestTimerMs) return
  }
}

/** The promise's outcome, or the signal's reason, whichever comes first. */
export const race = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => undefined) // its outcome no longer concerns anyone
      return reject(signal.reason)
    }
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
