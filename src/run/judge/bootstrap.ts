import type { Measure } from '../../metrics/measure.ts'
import { createRandom } from '../../random.ts'

export type Interval = { readonly low: number; readonly high: number }

/** Each end of a 95 % interval then rests on 50 resamples. */
const mostResamples = 2000
/** Each end rests on 5: what is left where every resample is costly. */
const leastResamples = 200
/** Rows drawn in all, about a second. */
const rowsDrawn = 4e7
const tail = 0.025
/** A figure that is not defined on more of the resamples has no interval. */
const leastDefined = 0.9

const resamplesOf = (rows: number, passes: number): number =>
  Math.round(Math.min(mostResamples, Math.max(leastResamples, rowsDrawn / Math.max(1, rows * passes))))

/** Calls `use` with the weights of each resample: rows drawn with replacement. The seed and the rows fix them. */
const eachResample = (
  weights: Float64Array,
  seed: number,
  passes: number,
  use: (drawn: Float64Array) => void,
): void => {
  const random = createRandom(seed)
  const rows = weights.length
  const drawn = new Float64Array(rows)
  for (let k = resamplesOf(rows, passes); k > 0; k--) {
    drawn.fill(0)
    for (let i = 0; i < rows; i++) {
      const row = Math.floor(random() * rows)
      drawn[row]! += weights[row]!
    }
    use(drawn)
  }
}

/**
 * 95 % percentile intervals of several figures, all over the same resamples of the rows (Efron & Tibshirani 1993, 13).
 * weights [n]; `passes` is how often the dearest figure goes over the rows. Does not correct for small samples; a figure
 * that most resamples do not define is left out.
 */
export const bootstrapIntervals = (
  measures: Readonly<Record<string, Measure>>,
  weights: Float64Array,
  seed: number,
  passes = 1,
): Readonly<Record<string, Interval>> => {
  const samples = Object.entries(measures).map(([name, measure]) => ({ name, measure, values: [] as number[] }))
  eachResample(weights, seed, passes, (drawn) => {
    for (const { measure, values } of samples) values.push(measure(drawn))
  })
  return Object.fromEntries(
    samples.flatMap(({ name, values }) => {
      const interval = percentileInterval(values)
      return interval ? [[name, interval]] : []
    }),
  )
}

/** 95 % interval of a - b, both over the same resamples (paired bootstrap); undefined where a or b mostly is. */
export const pairedInterval = (a: Measure, b: Measure, weights: Float64Array, seed: number): Interval | undefined => {
  const difference: Measure = (drawn) => a(drawn) - b(drawn)
  return bootstrapIntervals({ difference }, weights, seed).difference
}

const percentileInterval = (values: readonly number[]): Interval | undefined => {
  const defined = Float64Array.from(values.filter(Number.isFinite)).sort()
  if (defined.length < leastDefined * values.length || defined.length === 0) return undefined
  const last = defined.length - 1
  return {
    low: defined[Math.floor(defined.length * tail)]!,
    high: defined[Math.min(last, Math.ceil(defined.length * (1 - tail)) - 1)]!,
  }
}
