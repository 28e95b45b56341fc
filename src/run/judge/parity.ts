import { PercallError } from '../../errors.ts'
import type { Matrix } from '../../estimators/estimator.ts'
import type { TrainedModel } from '../trained.ts'

/** Exported graph against trainer, on the same rows. */
export type Parity = {
  /** Of probabilities; of values relative to the larger of the value and the mean size of all. */
  readonly largestDifference: number
  /** Rows whose label differs; all of them lie within labelMargin of the threshold or of a tie. */
  readonly labelsDiffer: number
  /** Rows that lie so near. */
  readonly nearTies: number
}

/** Nearer to the threshold, or to a tie of two classes, rounding may decide the label. */
const labelMargin = 1e-5

/** Float64 from end to end: in practice below 1e-12, more where columns are nearly collinear and weights huge. */
const exactTolerance = 1e-6
/** Float32 steps: 2^-24 a step, over sums of some hundred. */
const float32Tolerance = 1e-4

const exact: ReadonlySet<string> = new Set(['linear', 'logistic'])

export type Answered = { readonly values: Matrix; readonly labels: Float64Array }

/**
 * Largest difference and labels that differ. Throws INTERNAL when the graph's answers differ by more than rounding, or a
 * label differs where nothing is near: then the export is wrong. Of a graph that need not agree it only tells.
 */
export const parityOf = (
  trained: TrainedModel,
  own: Answered,
  graph: Answered,
  nearness: (row: number) => number,
  mustAgree = true,
): Parity => {
  const tolerance = trained.members.every(({ algorithm }) => exact.has(algorithm)) ? exactTolerance : float32Tolerance
  const largestDifference = largest(own.values, graph.values)
  if (mustAgree && !(largestDifference <= tolerance))
    throw new PercallError(
      'INTERNAL',
      `export: expected the trainer's answers within ${tolerance}, got ${largestDifference}`,
    )
  let labelsDiffer = 0
  let nearTies = 0
  own.labels.forEach((label, row) => {
    const isNear = nearness(row) <= labelMargin
    if (isNear) nearTies += 1
    if (label === graph.labels[row]) return
    if (mustAgree && !isNear)
      throw new PercallError(
        'INTERNAL',
        `export, row ${row}: expected class ${label} as the trainer, got ${graph.labels[row]} at a margin of ${nearness(row)}`,
      )
    labelsDiffer += 1
  })
  return { largestDifference, labelsDiffer, nearTies }
}

/** How far a row's probabilities [n, K] are from another label: from the threshold, or the second largest. */
export const labelNearness =
  ({ columns, values }: Matrix, positive: number | undefined, threshold: number) =>
  (row: number): number => {
    const own = values.subarray(row * columns, (row + 1) * columns)
    if (positive !== undefined) return Math.abs(own[positive]! - threshold)
    const [first = 0, second = 0] = own.slice().sort().reverse()
    return first - second
  }

const largest = (own: Matrix, graph: Matrix): number => {
  const mean = own.values.reduce((sum, value) => sum + Math.abs(value), 0) / own.values.length
  return own.values.reduce((most, value, at) => {
    const scale = own.columns > 1 ? 1 : Math.max(Math.abs(value), mean, Number.MIN_VALUE)
    return Math.max(most, Math.abs(value - graph.values[at]!) / scale)
  }, 0)
}
