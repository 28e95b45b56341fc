import { rowLoss } from './losses.ts'
import type { Machine } from './machine.ts'
import { columnBytes, sumsBytes } from './plan.ts'

/** Least probability whose logarithm counts, as scikit-learn's log_loss clips. */
const leastProbability = 1e-16

/**
 * Gradients and hessians of rows [from, to), one chunk, for output k -> the sum of the rows' losses, weighted.
 * Several classes: the probabilities of all outputs are made with those of the first.
 */
export const chunkGradients = (machine: Machine, member: number, k: number, from: number, to: number): number => {
  const loss = unweighted(machine, member, k, from, to)
  const { plan, f64 } = machine
  if (!plan.weighted) return loss
  const { gradients, hessians, weights } = placesOf(machine)
  for (let i = from; i < to; i++) {
    f64[gradients + i]! *= f64[weights + i]!
    f64[hessians + i]! *= f64[weights + i]!
  }
  return loss
}

const unweighted = (machine: Machine, member: number, k: number, from: number, to: number): number => {
  const { plan, kernels, f64 } = machine
  const { at } = plan
  switch (plan.loss.name) {
    case 'binary': {
      const product = at.sums + member * sumsBytes
      kernels.logistic(at.F, at.y, from, to, at.gradients, at.hessians, product)
      if (plan.weighted) return lossOf(machine, from, to)
      return -(Math.log(f64[product / 8]!) + f64[product / 8 + 1]! * Math.LN2)
    }
    case 'multiclass':
      return softmaxGradients(machine, k, from, to)
    case 'mean':
      return meanGradients(machine, k, from, to)
    case 'squared':
    case 'log': {
      const loss = kernels.residuals(at.F, at.y, from, to, at.gradients)
      if (!plan.weighted) return loss
      f64.fill(1, at.hessians / 8 + from, at.hessians / 8 + to)
      return lossOf(machine, from, to)
    }
    default:
      return otherGradients(machine, from, to)
  }
}

/** f64 places of the columns. */
const placesOf = ({ plan: { at } }: Machine) => ({
  F: at.F / 8,
  y: at.y / 8,
  gradients: at.gradients / 8,
  hessians: at.hessians / 8,
  weights: at.weights / 8,
})

const lossOf = (machine: Machine, from: number, to: number): number => {
  const { loss } = rowLoss(machine.plan.loss)
  const { f64 } = machine
  const { F, y, weights } = placesOf(machine)
  let sum = 0
  for (let i = from; i < to; i++) sum += loss(f64[F + i]!, f64[y + i]!) * f64[weights + i]!
  return sum
}

const otherGradients = (machine: Machine, from: number, to: number): number => {
  const { plan, f64 } = machine
  const { loss, gradient, hessian } = rowLoss(plan.loss)
  const { F, y, gradients, hessians, weights } = placesOf(machine)
  let sum = 0
  for (let i = from; i < to; i++) {
    const m = f64[F + i]!
    const target = f64[y + i]!
    f64[gradients + i] = gradient(m, target)
    if (!plan.narrow) f64[hessians + i] = hessian(m, target)
    sum += loss(m, target) * (plan.weighted ? f64[weights + i]! : 1)
  }
  return sum
}

/** F - y, y the target or whether it is class k, and 1. A forest has no loss to follow. */
const meanGradients = (machine: Machine, k: number, from: number, to: number): number => {
  const { plan, f64 } = machine
  const { y, gradients, hessians } = placesOf(machine)
  const F = (plan.at.F + k * columnBytes(plan)) / 8
  for (let i = from; i < to; i++) {
    const target = plan.outputs === 1 ? f64[y + i]! : Number(f64[y + i] === k)
    f64[gradients + i] = f64[F + i]! - target
    f64[hessians + i] = 1
  }
  return 0
}

const softmaxGradients = (machine: Machine, k: number, from: number, to: number): number => {
  const { plan, f64 } = machine
  const { y, gradients, hessians } = placesOf(machine)
  if (k === 0) softmax(machine, from, to)
  const stride = columnBytes(plan) / 8
  const P = plan.at.probabilities / 8 + k * stride
  // scikit-learn's half multinomial loss has this hessian too; xgboost doubles it.
  for (let i = from; i < to; i++) {
    const p = f64[P + i]!
    f64[gradients + i] = p - Number(f64[y + i] === k)
    f64[hessians + i] = p * (1 - p)
  }
  if (k > 0) return 0
  const first = plan.at.probabilities / 8
  const w = plan.at.weights / 8
  let sum = 0
  for (let i = from; i < to; i++) {
    const p = Math.max(leastProbability, f64[first + f64[y + i]! * stride + i]!)
    sum -= Math.log(p) * (plan.weighted ? f64[w + i]! : 1)
  }
  return sum
}

const softmax = ({ plan, kernels, f64 }: Machine, from: number, to: number): void => {
  const stride = columnBytes(plan) / 8
  const F = plan.at.F / 8
  const P = plan.at.probabilities / 8
  const top = plan.at.gradients / 8 // free until the first output's gradients
  const sum = plan.at.hessians / 8
  for (let i = from; i < to; i++) {
    let most = f64[F + i]!
    for (let k = 1; k < plan.outputs; k++) most = Math.max(most, f64[F + k * stride + i]!)
    f64[top + i] = most
    f64[sum + i] = 0
  }
  for (let k = 0; k < plan.outputs; k++) {
    const own = P + k * stride
    for (let i = from; i < to; i++) f64[own + i] = f64[F + k * stride + i]! - f64[top + i]!
    kernels.exponentials(own * 8, from, to, own * 8)
    for (let i = from; i < to; i++) f64[sum + i]! += f64[own + i]!
  }
  for (let k = 0; k < plan.outputs; k++) {
    const own = P + k * stride
    for (let i = from; i < to; i++) f64[own + i]! /= f64[sum + i]!
  }
}
