import { PercallError } from '../errors.ts'
import type { Matrix } from '../estimators/estimator.ts'
import type { TabularManifest } from '../manifest.ts'
import { classificationMetrics } from '../metrics/classification.ts'
import { regressionMetrics } from '../metrics/regression.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { type Prepared, testPart, trainRows } from './prepared.ts'
import type { RunSpec } from './spec.ts'
import type { TargetPlan } from './task.ts'
import { predictTrained, type TrainedModel } from './trained.ts'

/** metrics.json: figures of the exported graph's own answers. */
export type Evaluation = {
  /** Which rows they were measured on; training rows when the split leaves no test rows. */
  readonly on: 'test' | 'training'
  readonly rows: number
  /** Finite figures only: a rank metric of one class, or R2 of a constant, is left out. */
  readonly metrics: Readonly<Record<string, number>>
  /** Exported graph against trainer, on the same rows. */
  readonly parity: { readonly largestDifference: number; readonly labelsDiffer: number }
  readonly sizeBytes: number
  /** What the owner should know: a class that is never answered. */
  readonly notices: readonly string[]
}

/** The rows that a model is judged on. */
export const judgedRows = (prepared: Prepared): { readonly on: Evaluation['on']; readonly part: Prepared } => {
  const part = testPart(prepared)
  return part.y.length > 0 ? { on: 'test', part } : { on: 'training', part: trainRows(prepared) }
}

/** The names of a graph's answers, those that matter for judging it first. */
export const answerNames = ({ outputs }: TabularManifest): readonly string[] =>
  'prediction' in outputs ? [outputs.prediction] : [outputs.probabilities, outputs.label]

/** A graph's answers -> [n, 1] values or [n, K] probabilities. */
export const answerMatrix = (manifest: TabularManifest, outputs: readonly Tensor[]): Matrix => {
  const [name] = answerNames(manifest)
  // Our graphs answer both in FP64: see exportModel.
  const values = outputs.find((output) => output.name === name)!.data as Float64Array
  const columns = manifest.classes?.length ?? 1
  return { rows: values.length / columns, columns, values }
}

/** Both differ by rounding only; more is a fault of the export. */
const parityTolerance = 1e-6

/** Metrics and parity of a graph's answers on some rows. Throws INTERNAL when graph and trainer disagree. */
export const evaluate = (
  { plan }: RunSpec,
  manifest: TabularManifest,
  trained: TrainedModel,
  { on, part }: ReturnType<typeof judgedRows>,
  outputs: readonly Tensor[],
  sizeBytes: number,
): Evaluation => {
  const answered = answerMatrix(manifest, outputs)
  const own = predictTrained(trained, part.tensors)
  const labels = plan.classes === null ? undefined : labelNumbers(manifest, outputs)
  const metrics =
    labels === undefined
      ? regressionMetrics(part.y, answered.values)
      : classificationMetrics(part.y, answered, labels, positiveNumber(plan))
  const largestDifference = largest(own.values, answered.values)
  if (!(largestDifference <= parityTolerance))
    throw new PercallError(
      'INTERNAL',
      `export: expected the trainer's answers within ${parityTolerance}, got ${largestDifference}`,
    )
  const expected = labels && ownLabels(plan, own)
  const labelsDiffer = labels?.reduce((sum, label, row) => sum + (label === expected![row] ? 0 : 1), 0) ?? 0
  const finite = Object.entries(metrics).filter(([, value]) => Number.isFinite(value))
  return {
    on,
    rows: part.y.length,
    metrics: Object.fromEntries(finite),
    parity: { largestDifference, labelsDiffer },
    sizeBytes,
    notices: labels === undefined ? [] : silentClasses(plan, labels, on),
  }
}

const silentClasses = ({ classes }: TargetPlan, labels: Float64Array, on: Evaluation['on']): readonly string[] => {
  const answered = new Set(labels)
  return (classes ?? []).flatMap((label, k) =>
    answered.has(k) ? [] : [`class ${label} is never answered on the ${labels.length} ${on} rows`],
  )
}

const positiveNumber = ({ classes, positive }: TargetPlan): number | undefined =>
  classes === null || positive === undefined ? undefined : classes.indexOf(positive)

/** The graph's labels as class numbers. */
const labelNumbers = (manifest: TabularManifest, outputs: readonly Tensor[]): Float64Array => {
  const texts = (manifest.classes ?? []).map(String)
  const name = answerNames(manifest)[1]
  const data = outputs.find((output) => output.name === name)!.data
  return Float64Array.from(data, (label: string | number | bigint) => texts.indexOf(String(label)))
}

const threshold = 0.5

const ownLabels = (plan: TargetPlan, { rows, columns, values }: Matrix): Float64Array => {
  const positive = positiveNumber(plan)
  return Float64Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns)
    if (positive !== undefined) return own[positive]! >= threshold ? positive : 1 - positive
    return own.indexOf(Math.max(...own))
  })
}

const largest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!) / Math.max(1, Math.abs(value))), 0)
