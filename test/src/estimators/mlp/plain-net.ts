import { logLoss } from '../../../../src/estimators/losses/log-loss.ts'
import type { NetLoss } from '../../../../src/estimators/losses/loss-nodes.ts'
import { regressionLoss } from '../../../../src/estimators/losses/regression-loss.ts'
import { softmaxLoss } from '../../../../src/estimators/losses/softmax-loss.ts'
import type { Training } from '../../../../src/estimators/mlp/epoch-graph.ts'
import { layersOf, type Shape } from '../../../../src/estimators/mlp/network.ts'
import { sigmoid } from '../../../../src/estimators/sigmoid.ts'

/** Rows of a batch: features, target, weight. */
export type BatchRow = { readonly x: readonly number[]; readonly y: number; readonly weight: number }

const activate = { relu: (z: number) => Math.max(0, z), tanh: Math.tanh, logistic: sigmoid }
const slopeOf = {
  relu: (a: number) => (a > 0 ? 1 : 0),
  tanh: (a: number) => 1 - a * a,
  logistic: (a: number) => a * (1 - a),
}

const outputsOf = (shape: Shape, w: Float64Array, x: readonly number[]): number[][] => {
  const layers = layersOf(shape)
  const values = [[...x]]
  layers.forEach(({ outputs, matrix, bias }, l) => {
    const sums = Array.from({ length: outputs }, (_, k) =>
      values[l]!.reduce((sum, value, j) => sum + value * w[matrix + j * outputs + k]!, w[bias + k]!),
    )
    values.push(l + 1 < layers.length ? sums.map(activate[shape.activation]) : sums)
  })
  return values
}

/** The loss of one row; the margins become its gradient. */
const lossAt = (loss: NetLoss, margins: number[], y: number): { value: number; gradient: number[] } => {
  if (loss.loss === 'log' && loss.classes > 2) {
    const slopes = Float64Array.from(margins)
    return { value: softmaxLoss(slopes, y), gradient: [...slopes] }
  }
  const { value, gradient } = loss.loss === 'log' ? logLoss : regressionLoss(loss)
  return { value: value(margins[0]!, y), gradient: [gradient(margins[0]!, y)] }
}

/** Mean loss of a batch, row by row and weight by weight. */
export const plainLoss = ({ shape, loss, alpha }: Training, w: Float64Array, batch: readonly BatchRow[]): number => {
  const sum = batch.reduce(
    (s, { x, y, weight }) => s + weight * lossAt(loss, outputsOf(shape, w, x).at(-1)!, y).value,
    0,
  )
  let squares = 0
  for (const { matrix, bias } of layersOf(shape)) for (let at = matrix; at < bias; at++) squares += w[at]! ** 2
  return (sum + (alpha / 2) * squares) / batch.length
}

export const plainGradient = ({ shape, loss, alpha }: Training, w: Float64Array, batch: readonly BatchRow[]) => {
  const gradient = new Float64Array(w.length)
  const layers = layersOf(shape)
  for (const { x, y, weight } of batch) {
    const values = outputsOf(shape, w, x)
    let slopes = lossAt(loss, values.at(-1)!, y).gradient.map((slope) => (slope * weight) / batch.length)
    for (let l = layers.length - 1; l >= 0; l--) {
      const { inputs, outputs, matrix, bias } = layers[l]!
      const before = new Array<number>(inputs).fill(0)
      for (let k = 0; k < outputs; k++) {
        gradient[bias + k]! += slopes[k]!
        for (let j = 0; j < inputs; j++) {
          gradient[matrix + j * outputs + k]! += values[l]![j]! * slopes[k]!
          before[j]! += w[matrix + j * outputs + k]! * slopes[k]!
        }
      }
      slopes = before.map((slope, j) => slope * slopeOf[shape.activation](values[l]![j]!))
    }
  }
  for (const { matrix, bias } of layers) {
    for (let at = matrix; at < bias; at++) gradient[at]! += (alpha * w[at]!) / batch.length
  }
  return gradient
}

/** Adam or descent with momentum over batches, as scikit-learn's: parameters after the last one, and each one's loss. */
export const plainEpoch = (training: Training, start: Float64Array, batches: readonly BatchRow[][], rate: number) => {
  const w = start.slice()
  const first = new Float64Array(w.length)
  const second = new Float64Array(w.length)
  const losses = batches.map((batch, s) => {
    const lost = plainLoss({ ...training, alpha: 0 }, w, batch)
    const gradient = plainGradient(training, w, batch)
    const t = s + 1
    for (let at = 0; at < w.length; at++) {
      if (training.solver === 'sgd') {
        first[at] = training.momentum * first[at]! - rate * gradient[at]!
        w[at]! += first[at]!
        continue
      }
      first[at] = 0.9 * first[at]! + 0.1 * gradient[at]!
      second[at] = 0.999 * second[at]! + 0.001 * gradient[at]! ** 2
      const step = (rate * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t)
      w[at]! -= (step * first[at]!) / (Math.sqrt(second[at]!) + 1e-8)
    }
    return lost
  })
  return { parameters: w, losses }
}
