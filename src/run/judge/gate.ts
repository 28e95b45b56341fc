import { evenWeights } from '../../metrics/measure.ts'
import { defaultMetric, lossMeasure, type MetricName, metricValue } from '../../metrics/metric.ts'
import type { Label } from '../../registry/manifest.ts'
import type { Task } from '../../task.ts'
import { type Answers, judgedAnswers } from '../answers.ts'
import type { TargetPlan } from '../task.ts'
import { baselineAnswers, type TrainTarget } from './baseline.ts'
import { type Interval, pairedInterval } from './bootstrap.ts'

export type GateRule = 'auto' | 'better' | 'none'

export type GateInput = {
  readonly rule: GateRule
  readonly plan: Pick<TargetPlan, 'task' | 'classes' | 'positive'>
  /** Log-loss, RMSE or the pinball loss by default. */
  readonly metric?: MetricName
  /** Of a quantile loss, for the metric pinball. */
  readonly quantile?: number
  /** y of the rows judged: values or class numbers. */
  readonly truth: Float64Array
  /** Of the rows judged; all 1 when absent. */
  readonly weights?: Float64Array
  /** What the candidate answers on those rows. */
  readonly candidate: Answers
  /** What the live version answers on the same rows, or nothing for a first version. */
  readonly live?: Answers
  /** y of the train rows, which gives the baseline. */
  readonly train: TrainTarget
  readonly seed: number
  /** What the rows are: named in the verdict. */
  readonly rows: 'test' | 'out-of-fold' | 'training'
}

export type GateVerdict = {
  readonly verdict: 'passed' | 'rejected'
  /** One sentence. */
  readonly reason: string
  readonly metric: MetricName
  /** Where more of the metric is better, 1 - value. */
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
  const counts = Map.groupBy(truth, (k) => k)
  return counts.size > 1 && Math.min(...counts.values().map(({ length }) => length)) >= leastRowsOfClass
}

/**
 * First version: better than the baseline. Later: not worse than live by more than 1 % of its loss, or better. Judged by a
 * 95 % paired bootstrap of the difference: both ends of it leave out 2.5 %.
 */
export const gate = (input: GateInput): GateVerdict => {
  const { rule, plan, truth, candidate, live, quantile, rows, weights = evenWeights(truth.length) } = input
  const metric = input.metric ?? defaultMetric(plan.task, quantile)
  const { columns } = candidate.values
  const rival = live ?? { values: baselineAnswers(input.train, metric, truth.length, columns, quantile) }
  const [own, other] = [candidate, rival].map((answers) =>
    lossMeasure(metric, judgedAnswers(plan, truth, answers, quantile)),
  ) as [ReturnType<typeof lossMeasure>, ReturnType<typeof lossMeasure>]
  const summary = { metric, loss: own(weights), against: other(weights) } as const
  const verdict = (passed: boolean, reason: string, interval?: Interval): GateVerdict => ({
    verdict: passed ? 'passed' : 'rejected',
    reason: `${reason} (${metric} on ${truth.length} ${rows} rows)`,
    ...summary,
    ...(interval && { interval }),
  })
  if (rule === 'none') return verdict(true, 'no gate was asked for')
  if (live !== undefined && !enoughTestRows(plan.task, truth)) return verdict(false, tooFew(input))
  const interval = pairedInterval(own, other, weights, input.seed)
  if (interval === undefined) return verdict(false, `${metric} is not defined on these rows`)
  const shown = `${text(metric, summary.loss)} against ${text(metric, summary.against)}, ${spanText(metric, interval)}`
  if (live === undefined) {
    const passed = interval.high < 0
    return verdict(passed, `${passed ? 'better' : 'not shown to be better'} than the baseline: ${shown}`, interval)
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

/** The metric's own value, not its loss. */
const text = (metric: MetricName, loss: number): string => metricValue(metric, loss).toPrecision(5)

/** Below 0 is better, whatever the metric. */
const spanText = (metric: MetricName, { low, high }: Interval): string => {
  const loss = metricValue(metric, 0) === 0 ? '' : ' of loss'
  return `difference${loss} ${low.toPrecision(3)} to ${high.toPrecision(3)}`
}

const tooFew = ({ plan, truth, candidate }: GateInput): string => {
  const goOn = 'train with more rows, or name gate none to promote without a comparison'
  const start = 'too few test rows to compare with the live version: expected at least'
  if (plan.classes === null) return `${start} ${leastRows}, got ${truth.length}; ${goOn}`
  const counts = Array.from({ length: candidate.values.columns }, (_, k) =>
    truth.reduce((n, y) => n + (y === k ? 1 : 0), 0),
  )
  const fewest = Math.min(...counts)
  const rarest: Label = plan.classes[counts.indexOf(fewest)]!
  return `${start} ${leastRows} and ${leastRowsOfClass} of each class, got ${truth.length} and ${fewest} of ${rarest}; ${goOn}`
}
