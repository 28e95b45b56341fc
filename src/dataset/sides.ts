import { PercallError } from '../errors.ts'
import type { RowKeys } from './row-keys.ts'

/** Where a row belongs: to what is learned from, to what is tested, or, in the gap before a test in time, to neither. */
export const trainSide = 0
const testSide = 1
export const gapSide = 2

const testShare = 0.2

/** By key, whatever the seed and the other rows: a row keeps its side in later versions of its dataset. */
export const sidesByKey = ({ share }: RowKeys): Uint8Array =>
  Uint8Array.from(share, (value) => (value < testShare ? testSide : trainSide))

/**
 * The last 20 % in time are test rows. Rows of one time are on one side, that which brings the test's share nearest to
 * 20 %; rows less than `gap` before the test are on neither. Throws BAD_TABLE when all rows have one time.
 */
export const sidesByTime = (times: Float64Array, gap: number): Uint8Array => {
  const sorted = times.slice().sort()
  const start = testStart(sorted)
  if (start === undefined)
    throw new PercallError('BAD_TABLE', `split by time: expected rows of at least 2 times, got ${sorted.length && 1}`)
  return Uint8Array.from(times, (time) => {
    if (time >= start) return testSide
    return time >= start - gap && gap > 0 ? gapSide : trainSide
  })
}

/** The first time of the test, among the two times that the wanted share lies between. */
const testStart = (sorted: Float64Array): number | undefined => {
  const wanted = Math.ceil(sorted.length * (1 - testShare))
  const at = sorted[Math.min(wanted, sorted.length - 1)]
  if (at === undefined) return undefined
  const first = sorted.indexOf(at)
  const next = sorted.lastIndexOf(at) + 1
  const isFirstNearer = wanted - first <= next - wanted
  const candidates = isFirstNearer ? [first, next] : [next, first]
  const chosen = candidates.find((index) => index > 0 && index < sorted.length)
  return chosen === undefined ? undefined : sorted[chosen]
}
