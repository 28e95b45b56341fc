import type { TrainingData } from './estimator.ts'
import { addTerms, termsMargin } from './terms.ts'
import { featureCount } from './training-data.ts'

export type DescentOptions = { /** Step size. */ readonly learningRate: number; readonly intercept: boolean }

/**
 * One full-batch step on theta [p, or p + 1 with an intercept], in place; answers the loss before it, ½ sum w (Xθ − y)².
 * The gradient is the sum over rows, not their mean: Xᵀ(Xθ − y).
 */
export const descentStep = ({ X, y, weights }: TrainingData, theta: Float64Array, options: DescentOptions): number => {
  const dense = X.columns
  const p = featureCount(X)
  const gradient = new Float64Array(theta.length)
  let loss = 0
  for (let i = 0; i < X.rows; i++) {
    let residual = -y[i]!
    for (let j = 0; j < dense; j++) residual += X.values[i * dense + j]! * theta[j]!
    if (X.sparse !== undefined) residual += termsMargin(X.sparse, i, theta, dense)
    if (options.intercept) residual += theta[p]!
    const weighted = weights === undefined ? residual : residual * weights[i]!
    loss += (residual * weighted) / 2
    for (let j = 0; j < dense; j++) gradient[j]! += weighted * X.values[i * dense + j]!
    if (X.sparse !== undefined) addTerms(X.sparse, i, weighted, gradient, dense)
    if (options.intercept) gradient[p]! += weighted
  }
  for (let j = 0; j < theta.length; j++) theta[j]! -= options.learningRate * gradient[j]!
  return loss
}
