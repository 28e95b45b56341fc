import { expect, test } from 'vitest'
import { classificationMetrics } from '../../../src/metrics/classification.ts'
import { averagePrecision, rocAuc } from '../../../src/metrics/ranking.ts'
import { regressionMetrics } from '../../../src/metrics/regression.ts'

// The examples of scikit-learn's own documentation, with the figures printed there.
test('sklearn.metrics documentation, regression -> r2 .948..., mae .5, mse .375', () => {
  const { r2, mae, rmse } = regressionMetrics(Float64Array.of(3, -0.5, 2, 7), Float64Array.of(2.5, 0, 2, 8))
  expect(r2).toBeCloseTo(0.9486081370449679, 14)
  expect(mae).toBe(0.5)
  expect(rmse).toBeCloseTo(Math.sqrt(0.375), 14)
})

test('a constant truth -> r2 is NaN', () => {
  expect(regressionMetrics(Float64Array.of(1, 1), Float64Array.of(1, 2)).r2).toBeNaN()
})

test('roc_auc_score and average_precision_score documentation -> .75 and .83...', () => {
  const truth = Float64Array.of(0, 0, 1, 1)
  const scores = Float64Array.of(0.1, 0.4, 0.35, 0.8)
  expect(rocAuc(truth, scores)).toBe(0.75)
  expect(averagePrecision(truth, scores)).toBeCloseTo(0.8333333333333333, 14)
  expect(rocAuc(truth, Float64Array.of(1, 1, 1, 1))).toBe(0.5)
})

test('log_loss and brier_score_loss documentation -> .21616 and .0375', () => {
  const spam = Float64Array.of(1, 0, 0, 1)
  const pairs = Float64Array.of(0.1, 0.9, 0.9, 0.1, 0.8, 0.2, 0.35, 0.65)
  const { logLoss } = classificationMetrics(spam, { rows: 4, columns: 2, values: pairs }, spam)
  expect(logLoss).toBeCloseTo(0.21616, 5)
  const truth = Float64Array.of(0, 1, 1, 0)
  const values = Float64Array.of(0.9, 0.1, 0.1, 0.9, 0.2, 0.8, 0.7, 0.3)
  expect(classificationMetrics(truth, { rows: 4, columns: 2, values }, truth).brier).toBeCloseTo(0.0375, 14)
})

test('f1_score and balanced_accuracy_score documentation -> .266... and .625', () => {
  const uniform = (rows: number, columns: number) => ({
    rows,
    columns,
    values: new Float64Array(rows * columns).fill(1 / columns),
  })
  const macro = classificationMetrics(
    Float64Array.of(0, 1, 2, 0, 1, 2),
    uniform(6, 3),
    Float64Array.of(0, 2, 1, 0, 0, 1),
  )
  expect(macro.macroF1).toBeCloseTo(0.26666666666666666, 14)
  const balanced = classificationMetrics(
    Float64Array.of(0, 1, 0, 0, 1, 0),
    uniform(6, 2),
    Float64Array.of(0, 1, 0, 0, 0, 1),
  )
  expect(balanced.balancedAccuracy).toBe(0.625)
})

test('30 classes, more than are kept in order -> the mean of each class against the rest', () => {
  const [rows, classes] = [90, 30]
  const truth = Float64Array.from({ length: rows }, (_, i) => i % classes)
  const values = Float64Array.from({ length: rows * classes }, (_, at) => Math.abs(Math.sin(at * 12.9898)) / classes)
  const { rocAuc: found, averagePrecision: precision } = classificationMetrics(
    truth,
    { rows, columns: classes, values },
    truth,
  )
  const each = Array.from({ length: classes }, (_, k) => {
    const isClass = truth.map((own) => (own === k ? 1 : 0))
    const scores = Float64Array.from({ length: rows }, (_, i) => values[i * classes + k]!)
    return [rocAuc(isClass, scores), averagePrecision(isClass, scores)] as const
  })
  expect(found).toBeCloseTo(each.reduce((sum, [auc]) => sum + auc, 0) / classes, 12)
  expect(precision).toBeCloseTo(each.reduce((sum, [, own]) => sum + own, 0) / classes, 12)
})
