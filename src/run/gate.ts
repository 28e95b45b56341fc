import type { Matrix } from '../estimators/estimator.ts'
import type { Label } from '../manifest.ts'
import { logLosses } from '../metrics/classification.ts'
import { bootstrapInterval, type Interval } from './bootstrap.ts'
import type { Task } from './run.ts'

export type GateRule = 'auto' | 'better' | 'none'

export type GateInput = {
  readonly rule: GateRule
  readonly task: Task
  /** y of the rows judged: values or class numbers. */
  readonly truth: Float64Array
  /** Predictions of the candidate on those rows: [n, 1] values or [n, K] probabilities. */
  readonly candidate: Matrix
  /** The live version's predictions on the same rows, or nothing for a first version. */
  readonly live?: Matrix
  /** y of the train rows, which gives the baseline: class priors or the mean. */
  readonly trainTruth: Float64Array
  readonly seed: number
  /** The labels of classes, named in the verdict. */
  readonly classes?: readonly Label[]
  /** What the rows are: named in the verdict. */
  readonly rows: 'test' | 'out-of-fold' | 'training'
}

export type GateVerdict = {
  readonly verdict: 'passed' | 'rejected'
  readonly reason: string
  readonly metric: 'logLoss' | 'rmse'
  readonly loss: number
  /** Loss of the baseline, or of the live version for a later one. */
  readonly against: number
  /** 95 % paired bootstrap interval of loss - against; absent when nothing was compared. */
  readonly interval?: Interval
}

const leastRows = 50
const leastRowsOfClass = 20
/** A later version may lose this share of the live loss. */
const margin = 0.01

/** Whether rows suffice to gate: at least 50, and 20 of the rarest class. */
export const enoughTestRows = (task: Task, truth: Float64Array): boolean => {
  if (truth.length < leastRows) return false
  if (task === 'regression') return true
  const counts = new Map<number, number>()
  for (const k of truth) counts.set(k, (counts.get(k) ?? 0) + 1)
  return counts.size > 1 && Math.min(...counts.values()) >= leastRowsOfClass
}

/**
 * First version: better than the baseline (class priors, training mean). Later: not worse than live by more than 1 % of
 * its loss, or better. Judged by a 95 % paired bootstrap of the difference.
 */
export const gate = (input: GateInput): GateVerdict => {
  const { rule, task, truth, candidate, live, rows } = input
  const metric = task === 'regression' ? 'rmse' : 'logLoss'
  const losses = rowLosses(task, truth, candidate)
  const rivals = rowLosses(task, truth, live ?? baseline(input))
  const summary = { metric, loss: total(task, losses), against: total(task, rivals) } as const
  const verdict = (passed: boolean, reason: string, interval?: Interval): GateVerdict => ({
    verdict: passed ? 'passed' : 'rejected',
    reason: `${reason} (${metric} on ${truth.length} ${rows} rows)`,
    ...summary,
    ...(interval && { interval }),
  })
  if (rule === 'none') return verdict(true, 'no gate was asked for')
  if (live !== undefined && !enoughTestRows(task, truth)) {
    return verdict(false, tooFew(input))
  }
  const interval = bootstrapInterval(
    losses,
    rivals,
    (sum, n) => (task === 'regression' ? Math.sqrt(sum / n) : sum / n),
    input.seed,
  )
  const shown = `${summary.loss.toPrecision(5)} against ${summary.against.toPrecision(5)}, difference ${interval.low.toPrecision(3)} to ${interval.high.toPrecision(3)}`
  if (live === undefined) {
    const passed = interval.high < 0
    return verdict(passed, `${passed ? 'better' : 'not better'} than the baseline: ${shown}`, interval)
  }
  const allowed = rule === 'better' ? 0 : margin * summary.against
  const passed = rule === 'better' ? interval.high < 0 : interval.high <= allowed
  const claim = rule === 'better' ? 'better than' : 'not worse than'
  return verdict(
    passed,
    `${passed ? '' : 'not shown to be '}${claim} the live version: ${shown}, allowed ${allowed.toPrecision(3)}`,
    interval,
  )
}

const tooFew = ({ task, truth, candidate, classes = [] }: GateInput): string => {
  const goOn = 'train with more rows, or name gate none to promote without a comparison'
  const start = 'too few test rows to compare with the live version: expected at least'
  if (task === 'regression') return `${start} ${leastRows}, got ${truth.length}; ${goOn}`
  const counts = Array.from({ length: candidate.columns }, (_, k) => truth.reduce((n, y) => n + (y === k ? 1 : 0), 0))
  const fewest = Math.min(...counts)
  const rarest = classes[counts.indexOf(fewest)] ?? 'the rarest class'
  return `${start} ${leastRows} and ${leastRowsOfClass} of each class, got ${truth.length} and ${fewest} of ${rarest}; ${goOn}`
}

/** Squared errors, or -log of the own class's probability, one a row. */
const rowLosses = (task: Task, truth: Float64Array, predicted: Matrix): Float64Array =>
  task === 'regression' ? truth.map((y, i) => (y - predicted.values[i]!) ** 2) : logLosses(truth, predicted)

const total = (task: Task, losses: Float64Array): number => {
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
  return task === 'regression' ? Math.sqrt(mean) : mean
}

/** The answer of a model that never looks at a row. */
const baseline = ({ task, truth, candidate, trainTruth }: GateInput): Matrix => {
  const { columns } = candidate
  const priors = new Float64Array(columns)
  for (const y of trainTruth)
    priors[task === 'regression' ? 0 : y]! += (task === 'regression' ? y : 1) / trainTruth.length
  const values = new Float64Array(truth.length * columns)
  for (let i = 0; i < truth.length; i++) values.set(priors, i * columns)
  return { rows: truth.length, columns, values }
}
