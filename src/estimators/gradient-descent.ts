import type { TrainingData } from './estimator.ts'

export type DescentOptions = { /** Step size. */ readonly learningRate: number; readonly intercept: boolean }

/**
 * One full-batch step on theta [p, or p + 1 with an intercept], in place; answers the loss before it, ½ sum w (Xθ − y)².
 * The gradient is the sum over rows, not their mean: Xᵀ(Xθ − y).
 */
export const descentStep = ({ X, y, weights }: TrainingData, theta: Float64Array, options: DescentOptions): number => {
  const p = X.columns
  const gradient = new Float64Array(theta.length)
  let loss = 0
  for (let i = 0; i < X.rows; i++) {
    let residual = -y[i]!
    for (let j = 0; j < p; j++) residual += X.values[i * p + j]! * theta[j]!
    if (options.intercept) residual += theta[p]!
    const weighted = weights === undefined ? residual : residual * weights[i]!
    loss += (residual * weighted) / 2
    for (let j = 0; j < p; j++) gradient[j]! += weighted * X.values[i * p + j]!
    if (options.intercept) gradient[p]! += weighted
  }
  // + 0 turns -0 into 0, which JSON keeps: a resumed fit has the same bits.
  for (let j = 0; j < theta.length; j++) theta[j] = theta[j]! - options.learningRate * gradient[j]! + 0
  return loss
}
