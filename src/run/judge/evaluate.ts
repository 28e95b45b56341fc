import { classificationMeasures, logLosses, mostRankings } from '../../metrics/classification.ts'
import { evenWeights, type Judged, type Measure } from '../../metrics/measure.ts'
import { defaultThreshold } from '../../metrics/metric.ts'
import { regressionMeasures } from '../../metrics/regression.ts'
import { type SegmentColumn, type Segments, segmentScores } from '../../metrics/segments.ts'
import type { TabularManifest } from '../../registry/manifest.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { answerMatrix, answerNames, judgedAnswers, numbersOf, positiveNumber } from '../answers.ts'
import { type Prepared, testPart, trainRows } from '../prepared.ts'
import type { RunSpec } from '../spec.ts'
import type { TargetPlan } from '../task.ts'
import { predictTrained, quantileOfTrained, type TrainedModel } from '../trained.ts'
import { bootstrapIntervals, type Interval } from './bootstrap.ts'
import { type ClassReport, classReport, type ValueReport, valueReport } from './evaluation-report.ts'
import { labelNearness, type Parity, parityOf } from './parity.ts'

/** metrics.json: figures of the exported graph's own answers. */
export type Evaluation = {
  /** Which rows they were measured on; training rows when the split leaves no test rows. */
  readonly on: 'test' | 'training'
  readonly rows: number
  /** Finite figures only: a rank metric of one class, or R2 of a constant, is left out. */
  readonly metrics: Readonly<Record<string, number>>
  /** 95 % bootstrap intervals of the metrics over these rows. */
  readonly intervals: Readonly<Record<string, Interval>>
  /** By task. */
  readonly classes?: ClassReport
  readonly values?: ValueReport
  readonly segments: Segments
  readonly parity: Parity
  readonly sizeBytes: number
  /** What the owner should know: a class that is never answered. */
  readonly notices: readonly string[]
}

/** The rows that a model is judged on. */
export const judgedRows = (prepared: Prepared): { readonly on: Evaluation['on']; readonly part: Prepared } => {
  const part = testPart(prepared)
  return part.y.length > 0 ? { on: 'test', part } : { on: 'training', part: trainRows(prepared) }
}

/** What of a spec an evaluation reads; columns named in `personal` are not cut into segments. */
export type EvaluatedSpec = Pick<RunSpec, 'plan' | 'codec' | 'seed'> & {
  readonly personal?: readonly string[]
  /** False for a variant of the exported graph, whose difference is told and not refused; true by default. */
  readonly exact?: boolean
}

/** Metrics, reports and parity of a graph's answers on some rows. Throws INTERNAL when graph and trainer disagree. */
export const evaluate = (
  spec: EvaluatedSpec,
  manifest: TabularManifest,
  trained: TrainedModel,
  { on, part }: ReturnType<typeof judgedRows>,
  outputs: readonly Tensor[],
  sizeBytes: number,
): Evaluation => {
  const { plan, seed } = spec
  const weights = part.weights ?? evenWeights(part.y.length)
  const judged = judgedGraph(plan, manifest, trained, part, outputs)
  const measures = measuresOf(judged, plan)
  const figures = Object.entries(measures).map(([name, measure]) => [name, measure(weights)] as const)
  const metrics = Object.fromEntries(figures.filter(([, value]) => Number.isFinite(value)))
  const { columns } = judged.answers
  const resampled = Object.entries(measures).filter(
    ([name]) => name in metrics && (columns <= mostRankings || !rankMetrics.has(name)),
  )
  const report =
    plan.classes === null
      ? { values: valueReport(judged, weights, trained.interval, intervalOf(manifest, outputs)) }
      : { classes: classReport(judged, weights) }
  return {
    on,
    rows: part.y.length,
    metrics,
    intervals: bootstrapIntervals(Object.fromEntries(resampled), weights, seed, columns),
    ...report,
    segments: segmentsOf(spec, part, judged, weights),
    parity: parityWithTrainer(spec, trained, part, judged),
    sizeBytes,
    notices: plan.classes === null ? [] : silentClasses(plan.classes, judged.labels, on),
  }
}

/** Of many classes each resample would order the rows by every class: these have no interval then. */
const rankMetrics: ReadonlySet<string> = new Set(['rocAuc', 'averagePrecision'])

/** The graph's own answers and labels beside the truth. */
const judgedGraph = (
  plan: TargetPlan,
  manifest: TabularManifest,
  trained: TrainedModel,
  { y }: Prepared,
  outputs: readonly Tensor[],
): Judged => {
  const judged = judgedAnswers(plan, y, { values: answerMatrix(manifest, outputs) }, quantileOfTrained(trained))
  return plan.classes === null ? judged : { ...judged, labels: labelNumbers(manifest, outputs) }
}

const measuresOf = (judged: Judged, { classes }: TargetPlan): Readonly<Record<string, Measure>> => {
  const made: Readonly<Record<string, (judged: Judged) => Measure>> =
    classes === null ? regressionMeasures : classificationMeasures
  return Object.fromEntries(Object.entries(made).map(([name, make]) => [name, make(judged)]))
}

const intervalOf = ({ outputs }: TabularManifest, answers: readonly Tensor[]) => {
  if (!('prediction' in outputs) || outputs.interval === undefined) return undefined
  return { low: numbersOf(answers, outputs.interval.low), high: numbersOf(answers, outputs.interval.high) }
}

const segmentsOf = (spec: EvaluatedSpec, { tensors }: Prepared, judged: Judged, weights: Float64Array): Segments => {
  const columns = tensors.flatMap((tensor): readonly SegmentColumn[] => {
    const kind = spec.codec.columns.find(({ name }) => name === tensor.name)?.kind
    return kind === undefined || spec.personal?.includes(tensor.name) ? [] : [{ kind, tensor }]
  })
  if (spec.plan.classes !== null) return segmentScores(columns, logLosses(judged.truth, judged.answers), false, weights)
  const squares = judged.truth.map((y, i) => (y - judged.answers.values[i]!) ** 2)
  return segmentScores(columns, squares, true, weights)
}

const parityWithTrainer = (
  { plan, exact = true }: EvaluatedSpec,
  trained: TrainedModel,
  part: Prepared,
  judged: Judged,
): Parity => {
  const { threshold = defaultThreshold } = trained
  const values = predictTrained(trained, part.tensors)
  const own = judgedAnswers(plan, part.y, { values, threshold })
  const nearness = labelNearness(values, positiveNumber(plan), threshold)
  return parityOf(
    trained,
    { values, labels: own.labels },
    { values: judged.answers, labels: judged.labels },
    nearness,
    exact,
  )
}

const silentClasses = (
  classes: NonNullable<TargetPlan['classes']>,
  labels: Float64Array,
  on: Evaluation['on'],
): readonly string[] => {
  const answered = new Set(labels)
  return classes.flatMap((label, k) =>
    answered.has(k) ? [] : [`class ${label} is never answered on the ${labels.length} ${on} rows`],
  )
}

/** The graph's labels as class numbers. */
const labelNumbers = (manifest: TabularManifest, outputs: readonly Tensor[]): Float64Array => {
  const places = new Map((manifest.classes ?? []).map((label, k) => [String(label), k]))
  const name = answerNames(manifest)[1]
  const { data } = outputs.find((output) => output.name === name)!
  return Float64Array.from(data as Iterable<string | number | bigint>, (label) => places.get(String(label)) ?? -1)
}
