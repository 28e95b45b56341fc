import { rowLoss } from './losses.ts'
import type { Machine } from './machine.ts'
import { columnBytes } from './plan.ts'

/** Mean loss of the watched rows, by their weights. */
export const watchedLoss = ({ plan, f64 }: Machine, weights: Float64Array | undefined): number => {
  const F = plan.at.F / 8
  const y = plan.at.y / 8
  const stride = columnBytes(plan) / 8
  const lossOf =
    plan.loss.name === 'multiclass'
      ? (i: number) => softmaxLoss(f64, F + i, stride, plan.outputs, f64[y + i]!)
      : (
          (loss) => (i: number) =>
            loss(f64[F + i]!, f64[y + i]!)
        )(rowLoss(plan.loss).loss)
  let sum = 0
  let total = 0
  for (let i = 0; i < plan.watched; i++) {
    const weight = weights?.[i] ?? 1
    sum += weight * lossOf(plan.rows + i)
    total += weight
  }
  return sum / total
}

/** log(sum of e^m) - m of the right class. */
const softmaxLoss = (f64: Float64Array, first: number, stride: number, outputs: number, y: number): number => {
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < outputs; k++) most = Math.max(most, f64[first + k * stride]!)
  let sum = 0
  for (let k = 0; k < outputs; k++) sum += Math.exp(f64[first + k * stride]! - most)
  return most + Math.log(sum) - f64[first + y * stride]!
}
