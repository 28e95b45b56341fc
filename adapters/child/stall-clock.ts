/** Milliseconds since its start. Has a life: `end` it. */
type StallClock = { readonly ms: () => number; readonly end: () => void }

const tickMs = 10
// Ticks come late on a busy machine, but not so late.
const mostTickMs = 100

/**
 * A clock that stands while this process gets no processor, as where the whole machine stalls: a child that got none either
 * has not used up its time.
 */
export const startStallClock = (): StallClock => {
  let seenAtMs = performance.now()
  let countedMs = 0
  const tick = (): void => {
    const nowMs = performance.now()
    countedMs += Math.min(nowMs - seenAtMs, mostTickMs)
    seenAtMs = nowMs
  }
  const timer = setInterval(tick, tickMs)
  return {
    ms: () => {
      tick()
      return countedMs
    },
    end: () => clearInterval(timer),
  }
}
