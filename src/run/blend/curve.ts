import type { Graph } from '../../onnx/graph.ts'
import type { Block } from './isotonic.ts'

/** Piecewise linear: value[k] at place at[k], flat beyond both ends. At least two places, increasing. Plain JSON. */
export type Curve = { readonly at: readonly number[]; readonly value: readonly number[] }

/** The steps of the curve in a graph are [n, knots]. */
const mostKnots = 100

/**
 * Centred isotonic regression (Oron & Flournoy 2017): through the middle of each block, so that order is kept where plain
 * steps would make ties. `to` maps a share to the curve's value. Undefined for fewer than two blocks.
 */
export const curveThrough = (blocks: readonly Block[], to: (share: number) => number): Curve | undefined => {
  if (blocks.length < 2) return undefined
  const knots = fewer(blocks.map((block, k) => ({ ...block, value: insideOf(blocks, block, k) })))
  return { at: knots.map(({ at }) => at), value: knots.map(({ value }) => to(value)) }
}

/** A share of exactly 0 or 1 in a block of n rows says about 1 / (n + 2) (Laplace); order is kept. */
const insideOf = (blocks: readonly Block[], { value, weight }: Block, k: number): number => {
  const least = 1 / (weight + 2)
  if (value === 0) return Math.min(least, blocks[k + 1]!.value / 2)
  if (value === 1) return Math.max(1 - least, (1 + blocks[k - 1]!.value) / 2)
  return value
}

/** Pools the two lightest neighbours until few enough are left. */
const fewer = (blocks: readonly Block[]): readonly Block[] => {
  const kept = [...blocks]
  while (kept.length > mostKnots) {
    let lightest = 0
    for (let k = 1; k + 1 < kept.length; k++) if (pairWeight(kept, k) < pairWeight(kept, lightest)) lightest = k
    const a = kept[lightest]!
    const b = kept[lightest + 1]!
    const weight = a.weight + b.weight
    const mean = (of: 'at' | 'value') => (a.weight * a[of] + b.weight * b[of]) / weight
    kept.splice(lightest, 2, { at: mean('at'), to: b.to, value: mean('value'), weight })
  }
  return kept
}

const pairWeight = (blocks: readonly Block[], k: number): number => blocks[k]!.weight + blocks[k + 1]!.weight

/** value[0] + sum_k slope_k clip(x - at_k, 0, width_k) */
const ramps = ({ at, value }: Curve) => {
  const widths = Float64Array.from(at.slice(1), (place, k) => place - at[k]!)
  return { widths, slopes: widths.map((width, k) => (value[k + 1]! - value[k]!) / width) }
}

export const curveValues = (curve: Curve, x: Float64Array): Float64Array => {
  const { widths, slopes } = ramps(curve)
  return x.map((place) => {
    let value = 0
    for (let k = 0; k < widths.length; k++)
      value += slopes[k]! * Math.min(widths[k]!, Math.max(0, place - curve.at[k]!))
    return value + curve.value[0]!
  })
}

/** The same in a graph: float64 [n, 1] -> float64 [n, 1]. */
export const curveNodes = (curve: Curve, graph: Graph, x: string): string => {
  const { widths, slopes } = ramps(curve)
  const row = (data: Float64Array) => graph.constant('FP64', [1, data.length], data)
  const past = graph.node('Sub', [x, row(Float64Array.from(curve.at.slice(0, -1)))])
  const risen = graph.node('Max', [past, row(Float64Array.of(0))])
  const within = graph.node('Min', [risen, row(widths)])
  const sum = graph.node('MatMul', [within, graph.constant('FP64', [slopes.length, 1], slopes)])
  return graph.node('Add', [sum, row(Float64Array.of(curve.value[0]!))])
}
