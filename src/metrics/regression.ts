/** truth and predicted [n]. R2 is NaN when the truth is constant. scikit-learn 1.2 sklearn.metrics._regression. */
export const regressionMetrics = (
  truth: Float64Array,
  predicted: Float64Array,
): { readonly rmse: number; readonly mae: number; readonly r2: number } => {
  const n = truth.length
  const mean = truth.reduce((sum, y) => sum + y, 0) / n
  let squared = 0
  let absolute = 0
  let total = 0
  for (let i = 0; i < n; i++) {
    const error = truth[i]! - predicted[i]!
    squared += error * error
    absolute += Math.abs(error)
    total += (truth[i]! - mean) ** 2
  }
  // R2 = 1 - sum (y - f)^2 / sum (y - mean)^2
  return { rmse: Math.sqrt(squared / n), mae: absolute / n, r2: total === 0 ? Number.NaN : 1 - squared / total }
}
