import type { TrainingData } from './estimator.ts'
import type { Objective } from './lbfgs.ts'
import { sigmoid, softmaxInPlace } from './sigmoid.ts'

/** One margin for two classes, K for K > 2. */
export const outputsOf = ({ classes = 2 }: TrainingData): number => (classes === 2 ? 1 : classes)

/** 0.5 w'w + C sum(weight x log loss) and its gradient; a point holds p coefficients and an intercept per output. */
export const logisticObjective = (data: TrainingData, C: number): Objective => {
  const { X, weights } = data
  const p = X.columns
  const stride = p + 1
  const outputs = outputsOf(data)
  const errors = new Float64Array(outputs)
  const rowLoss = outputs === 1 ? binaryLoss : softmaxLoss
  return (point, gradient) => {
    gradient.fill(0)
    let loss = 0
    for (let i = 0; i < X.rows; i++) {
      const at = i * p
      const weight = C * (weights?.[i] ?? 1)
      for (let k = 0; k < outputs; k++) {
        let margin = point[k * stride + p]!
        for (let j = 0; j < p; j++) margin += X.values[at + j]! * point[k * stride + j]!
        errors[k] = margin
      }
      loss += weight * rowLoss(errors, data.y[i]!)
      for (let k = 0; k < outputs; k++) {
        const error = weight * errors[k]!
        for (let j = 0; j < p; j++) gradient[k * stride + j]! += error * X.values[at + j]!
        gradient[k * stride + p]! += error
      }
    }
    for (let at = 0; at < point.length; at++) {
      if (at % stride === p) continue
      loss += 0.5 * point[at]! ** 2
      gradient[at]! += point[at]!
    }
    return loss
  }
}

/** log(1 + e^m) - y m, without overflow; the margin becomes its derivative, sigmoid(m) - y. */
const binaryLoss = (margins: Float64Array, y: number): number => {
  const m = margins[0]!
  margins[0] = sigmoid(m) - y
  return Math.max(m, 0) - y * m + Math.log1p(Math.exp(-Math.abs(m)))
}

/** logsumexp(m) - m_y; the margins become their derivatives, softmax(m) - [k = y]. */
const softmaxLoss = (margins: Float64Array, y: number): number => {
  const own = margins[y]!
  const { largest, sum } = softmaxInPlace(margins)
  margins[y]! -= 1
  return largest + Math.log(sum) - own
}
