import { PercallError } from '../../errors.ts'
import type { LabelledData } from '../estimator.ts'
import { type Loss, weightedQuantile } from './losses.ts'

/** Targets as the loss takes them: logarithms for `log`. Throws BAD_TABLE for values that the loss has no place for. */
export const targetsOf = ({ name }: Loss, y: Float64Array): Float64Array => {
  if (name === 'log') {
    refuseFirst(y, (value) => value > 0, 'loss log: expected a target above 0')
    return y.map(Math.log)
  }
  if (name === 'poisson') {
    refuseFirst(y, (value) => value >= 0, 'loss poisson: expected a target of at least 0')
    if (y.every((value) => value === 0))
      throw new PercallError('BAD_TABLE', 'training data: loss poisson: expected a target above 0, got none')
  }
  return y
}

const refuseFirst = (y: Float64Array, allowed: (value: number) => boolean, expected: string): void => {
  const row = y.findIndex((value) => !allowed(value))
  if (row !== -1) throw new PercallError('BAD_TABLE', `training data: row ${row}: ${expected}, got ${y[row]}`)
}

/** The best margins without a tree, one for each output. */
export const baseOf = (loss: Loss, { y, weights }: Pick<LabelledData, 'y' | 'weights'>, outputs: number): number[] => {
  switch (loss.name) {
    case 'absolute':
    case 'huber':
      return [weightedQuantile(y, weights, 0.5)]
    case 'quantile':
      return [weightedQuantile(y, weights, loss.share)]
    case 'poisson':
      return [Math.log(mean(y, weights))]
    case 'binary': {
      const share = mean(y, weights)
      return [Math.log(clipped(share, y.length) / clipped(1 - share, y.length))]
    }
    case 'multiclass':
      return sharesOf(y, weights, outputs).map((share) => Math.log(clipped(share, y.length)))
    case 'mean':
      return outputs === 1 ? [mean(y, weights)] : sharesOf(y, weights, outputs)
    default:
      return [mean(y, weights)]
  }
}

/** A class without rows, as a fold may have, counts as half a row. */
const clipped = (share: number, rows: number): number => Math.max(share, 0.5 / rows)

const mean = (y: Float64Array, weights: Float64Array | undefined): number => {
  let sum = 0
  let total = 0
  for (let i = 0; i < y.length; i++) {
    const weight = weights?.[i] ?? 1
    sum += weight * y[i]!
    total += weight
  }
  return sum / total
}

const sharesOf = (y: Float64Array, weights: Float64Array | undefined, classes: number): number[] =>
  Array.from({ length: classes }, (_, k) =>
    mean(
      y.map((value) => Number(value === k)),
      weights,
    ),
  )
