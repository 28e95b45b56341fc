import { bestSet } from './category-split.ts'
import { type BinSums, type Bounds, plus, type Sums, stepOf, worthOf } from './cut.ts'
import { featureBins, type Machine } from './machine.ts'
import { bestBounded } from './monotone-split.ts'
import { binCount, resultNumbers, roomBytes, sumsBytes } from './plan.ts'

/** What makes numbers of the integers in histograms. */
export type Scales = { readonly g: number; readonly h: number }

// f64 places of a result: see `thresholdAt` in kernels/threshold.ts; the feature stands behind.
export const resultAt = { gain: 0, bin: 1, missingLeft: 2, left: 3, right: 6, feature: 9 } as const

/** The bin of a result whose bins are listed in the region `chosen`. */
export const listed = -1

/** Below any parent's share, so that a gain is told from what rounding makes of nothing. */
const leastShare = 1e-12

/** Places of a node's rows, and where their sums lie. */
export type Places = { readonly first: number; readonly last: number; readonly sums: number }

/** What a node's sums are read from: the histograms of a slot, or its few rows. */
export type Counted = { readonly slot: number } | Places

/** The best cut of the active features [from, to) of one node, 0 or 1 of a step, into its results. */
export const scan = (
  machine: Machine,
  member: number,
  node: number,
  counted: Counted,
  from: number,
  to: number,
  scales: Scales,
  bounds: Bounds,
): void => {
  const { plan, kernels, u8, f64 } = machine
  const { minRows, minHessian, minGain, l2 } = plan.limits
  const { narrow, shift, at } = plan
  const result = resultPlace(machine, member, node) * 8
  const sums = at.sums + member * sumsBytes
  const plain = plan.monotone.length === 0
  f64[result / 8] = minGain
  f64[result / 8 + resultAt.feature] = -1
  for (let j = from; j < to; j++) {
    if (u8[at.active + j] === 0) continue
    const bins = binsOf(machine, j)
    const floor = f64[result / 8]!
    const found =
      !plain || plan.levels[j]! > 0
        ? slowScan(machine, member, node, counted, j, scales, bounds)
        : 'slot' in counted
          ? // biome-ignore format: as the kernel's lines
            kernels.threshold(histogramOf(machine, counted.slot, j), bins, narrow ? 1 : 0, shift, scales.g, scales.h, l2,
              minRows, minHessian, floor, sums, result)
          : // biome-ignore format: as the kernel's lines
            kernels.thresholdOfRows(featureBins(machine, j), bins, at.order, counted.first, counted.last, counted.sums,
              narrow ? 1 : 0, shift, scales.g, scales.h, l2, minRows, minHessian, floor, sums, roomOf(machine, member), result)
    if (found !== 0) f64[result / 8 + resultAt.feature] = j
  }
}

const histogramOf = ({ plan }: Machine, slot: number, feature: number): number =>
  plan.at.histograms + (slot * plan.groups * 4 + feature) * plan.histogramBytes

const roomOf = ({ plan }: Machine, member: number): number => plan.at.room + member * roomBytes

/** The f64 place of a member's result for node 0 or 1. */
export const resultPlace = ({ plan }: Machine, member: number, node: number): number =>
  plan.at.results / 8 + (member * 2 + node) * resultNumbers

/** Bins of a feature, the one of missing values aside. */
const binsOf = ({ plan, f64 }: Machine, feature: number): number =>
  f64[plan.at.edges / 8 + feature * binCount + binCount - 1]!

const slowScan = (
  machine: Machine,
  member: number,
  node: number,
  counted: Counted,
  feature: number,
  scales: Scales,
  bounds: Bounds,
): number => {
  const { plan, f64, u8 } = machine
  const { limits, monotone, at } = plan
  const sums = binSumsOf(machine, member, counted, feature, scales)
  const total = sums.bins.reduce(plus, sums.missing)
  const parent = worthOf(total, stepOf(total, limits.l2, bounds), limits.l2)
  const place = resultPlace(machine, member, node)
  const floor = Math.max(f64[place]!, parent * leastShare)
  const cut =
    plan.levels[feature]! > 0
      ? bestSet(sums, limits, bounds, parent, floor)
      : bestBounded(sums, monotone[feature]!, limits, bounds, parent, floor)
  if (cut === undefined) return 0
  const { gain, left, right } = cut
  f64.set([gain, listed, 0, left.g, left.h, left.rows, right.g, right.h, right.rows], place)
  u8.set(cut.bins, at.chosen + (member * 2 + node) * binCount)
  return 1
}

const binSumsOf = (machine: Machine, member: number, counted: Counted, feature: number, scales: Scales): BinSums => {
  const { plan, kernels } = machine
  const bins = binsOf(machine, feature)
  if ('slot' in counted) return binSums(machine, member, histogramOf(machine, counted.slot, feature), bins, scales)
  const histogram = roomOf(machine, member) + binCount
  const count = plan.narrow ? kernels.histogram1Narrow : kernels.histogram1Wide
  count(featureBins(machine, feature), plan.at.order, counted.first, counted.last, counted.sums, histogram)
  const sums = binSums(machine, member, histogram, bins, scales)
  kernels.clear(histogram, plan.histogramBytes)
  return sums
}

const binSums = (
  { plan, kernels, f64 }: Machine,
  member: number,
  histogram: number,
  bins: number,
  scales: Scales,
): BinSums => {
  const at = plan.at.sums + member * sumsBytes
  const run = plan.narrow ? kernels.runningNarrow : kernels.runningWide
  run(histogram, bins, plan.shift, at)
  const g = at / 8
  const rows = g + 512
  const h = plan.narrow ? rows : g + 256
  const before = (place: number, k: number): number => (k === 0 || k === bins ? 0 : f64[place + k - 1]!)
  const sumsOf = (k: number): Sums => ({
    g: (f64[g + k]! - before(g, k)) * scales.g,
    h: (f64[h + k]! - before(h, k)) * scales.h,
    rows: f64[rows + k]! - before(rows, k),
  })
  return { bins: Array.from({ length: bins }, (_, k) => sumsOf(k)), missing: sumsOf(bins) }
}
