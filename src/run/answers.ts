import type { Matrix } from '../estimators/estimator.ts'
import type { Judged } from '../metrics/measure.ts'
import { defaultThreshold, labelsOf } from '../metrics/metric.ts'
import type { TabularManifest } from '../registry/manifest.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { TargetPlan } from './task.ts'

/** The names of a graph's answers, those that matter for judging it first. */
export const answerNames = ({ outputs }: TabularManifest): readonly string[] => {
  if ('label' in outputs) return [outputs.probabilities, outputs.label]
  const { prediction, interval } = outputs
  return interval ? [prediction, interval.low, interval.high] : [prediction]
}

/** A graph's answers -> [n, 1] values or [n, K] probabilities. */
export const answerMatrix = (manifest: TabularManifest, outputs: readonly Tensor[]): Matrix => {
  const [name] = answerNames(manifest)
  const columns = manifest.classes?.length ?? 1
  const values = numbersOf(outputs, name!)
  return { rows: values.length / columns, columns, values }
}

export const numbersOf = (outputs: readonly Tensor[], name: string): Float64Array => {
  const { data } = outputs.find((output) => output.name === name)!
  // Our graphs answer in FP64 (see exportModel), pushed ones in any number type: requireManifestFits.
  return data instanceof Float64Array ? data : Float64Array.from(data as Iterable<number | bigint>, Number)
}

/** What a model answers on rows: values, or probabilities with the threshold of its labels. */
export type Answers = { readonly values: Matrix; readonly threshold?: number }

export const answersOf = (manifest: TabularManifest, outputs: readonly Tensor[]): Answers => {
  const { threshold } = manifest
  return { values: answerMatrix(manifest, outputs), ...(threshold !== undefined && { threshold }) }
}

/** The class number of the positive class; undefined for more than two classes and for regression. */
export const positiveNumber = ({ classes, positive }: Pick<TargetPlan, 'classes' | 'positive'>): number | undefined =>
  classes === null || positive === undefined ? undefined : classes.indexOf(positive)

/** Answers ready to be measured. */
export const judgedAnswers = (
  plan: Pick<TargetPlan, 'classes' | 'positive'>,
  truth: Float64Array,
  { values, threshold = defaultThreshold }: Answers,
  quantile?: number,
): Judged => {
  const positive = positiveNumber(plan)
  return {
    truth,
    answers: values,
    labels: plan.classes === null ? new Float64Array() : labelsOf(values, positive, threshold),
    ...(positive !== undefined && { positive }),
    ...(quantile !== undefined && { quantile }),
  }
}
