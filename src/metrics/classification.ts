import type { Matrix } from '../estimators/estimator.ts'

export type ClassificationMetrics = {
  readonly logLoss: number
  readonly accuracy: number
  readonly balancedAccuracy: number
  readonly macroF1: number
  readonly brier: number
  /** Binary only. */
  readonly rocAuc?: number
  readonly averagePrecision?: number
}

/** truth [n] class numbers, probabilities [n, K]; `positive` is the class number of ROC AUC and average precision. */
export declare const classificationMetrics: (
  truth: Float64Array,
  probabilities: Matrix,
  labels: Float64Array,
  positive?: number,
) => ClassificationMetrics
