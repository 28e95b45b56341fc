import { edgesOf } from './edges.ts'
import { chunkGradients } from './gradients.ts'
import { countPart } from './histograms.ts'
import { featureBins, type Machine, shareOf } from './machine.ts'
import { binCount, chunkRows, columnBytes } from './plan.ts'

/** One member's share of a step of the fit; the numbers that all members are given lie in the region `given`. */
type Work = (machine: Machine, member: number, members: number) => void

export type Phase =
  | 'sort'
  | 'bin'
  | 'gradients'
  | 'pack'
  | 'count'
  | 'gather'
  | 'divide'
  | 'place'
  | 'addLeaves'
  | 'route'

const given = ({ plan, f64 }: Machine, i: number): number => f64[plan.at.given / 8 + i]!

/** The scratch's f64 place of column c of those that are sorted together. */
export const scratchColumn = ({ plan }: Machine, c: number): number => plan.at.scratch / 8 + c * plan.sampleRows

export const phases: Readonly<Record<Phase, Work>> = {
  /** Feature and length of each member's column of the scratch -> the feature's edges. */
  sort: (machine, member, members) => {
    const { plan, kernels, f64 } = machine
    const values = scratchColumn(machine, member) * 8
    const other = scratchColumn(machine, members + member) * 8
    const counts = plan.at.counts + member * 6 * 2048 * 4
    const feature = given(machine, 2 * member)
    const length = given(machine, 2 * member + 1)
    if (feature < 0) return
    const sorted = (kernels.sort(values, length, other, counts) >>> 0) / 8
    const edges = edgesOf(f64.subarray(sorted, sorted + length))
    const place = plan.at.edges / 8 + feature * binCount
    f64.fill(Number.POSITIVE_INFINITY, place, place + binCount)
    f64.set(edges, place)
    f64[place + binCount - 1] = edges.length + 1
  },

  /** Bins of a block: first row, rows. */
  bin: (machine, member, members) => {
    const { plan, kernels } = machine
    const first = given(machine, 0)
    const rows = given(machine, 1)
    const { from, to } = shareOf(plan.groups * 4, member, members, 4)
    for (let j = from; j < Math.min(to, plan.features); j++) {
      const edges = plan.at.edges + j * binCount * 8
      const levels = plan.at.levels + plan.levelStarts[j]!
      const bins = featureBins(machine, j) + first * 4
      if (plan.levels[j] === 0) kernels.bin(plan.at.scratch, rows, plan.features, j, edges, bins)
      else kernels.binLevels(plan.at.scratch, rows, plan.features, j, levels, bins)
    }
  },

  /** Output. */
  gradients: (machine, member, members) => {
    const { plan, kernels, f64 } = machine
    const output = given(machine, 0)
    const { from, to } = shareOf(plan.rows, member, members, chunkRows)
    for (let start = from; start < to; start += chunkRows) {
      const end = Math.min(to, start + chunkRows)
      f64[plan.at.losses / 8 + start / chunkRows] = chunkGradients(machine, member, output, start, end)
    }
    const result = plan.at.results / 8 + member * 2
    f64[result] = kernels.largest(plan.at.gradients, from, to)
    f64[result + 1] = plan.narrow ? 1 : kernels.largest(plan.at.hessians, from, to)
  },

  /** Scales of gradients and hessians, and 1 to order the rows by their number. */
  pack: (machine, member, members) => {
    const { plan, kernels, u32 } = machine
    const { gradients, hessians, packed } = plan.at
    const { from, to } = shareOf(plan.rows, member, members)
    const order = plan.at.order / 4
    if (given(machine, 2) === 1) for (let i = from; i < to; i++) u32[order + i] = i
    if (plan.narrow) kernels.packNarrow(gradients, from, to, given(machine, 0), plan.shift, packed)
    else kernels.packWide(gradients, hessians, from, to, given(machine, 0), given(machine, 1), plan.shift, packed)
  },

  count: countPart,

  /** First and last place: their rows' sums into `gathered`. */
  gather: (machine, member, members) => {
    const { plan, kernels } = machine
    const first = given(machine, 0)
    const { from, to } = shareOf(given(machine, 1) - first, member, members)
    const gather = plan.narrow ? kernels.gatherNarrow : kernels.gatherWide
    gather(plan.at.packed, plan.at.order, first + from, first + to, plan.at.gathered)
  },

  /** Address of the feature's bins, of its sides, first and last place. */
  divide: (machine, member, members) => {
    const { plan, kernels, f64 } = machine
    const [bins, sides, first, last] = [given(machine, 0), given(machine, 1), given(machine, 2), given(machine, 3)]
    const { from, to } = shareOf(last - first, member, members)
    const { order, spare } = plan.at
    f64[plan.at.results / 8 + member] = kernels.divide(bins, order, spare, first + from, first + to, sides)
  },

  /**
   * After `divide`: first and last place, 1 to gather the left rows' sums or 2 the right ones', then for each member how
   * many went left.
   */
  place: (machine, member, members) => {
    const { plan, kernels } = machine
    const [first, last, gathers] = [given(machine, 0), given(machine, 1), given(machine, 2)]
    let left = first
    let right = first
    for (let m = 0; m < members; m++) right += given(machine, 3 + m)
    for (let m = 0; m < member; m++) {
      const share = shareOf(last - first, m, members)
      left += given(machine, 3 + m)
      right += share.to - share.from - given(machine, 3 + m)
    }
    const { from, to } = shareOf(last - first, member, members)
    const count = given(machine, 3 + member)
    const { order, spare } = plan.at
    kernels.copy(order + left * 4, spare + (first + from) * 4, count * 4)
    const others = to - from - count
    kernels.placeReversed(spare, first + to - 1, others, order, right)
    const gather = plan.narrow ? kernels.gatherNarrow : kernels.gatherWide
    if (gathers === 1) gather(plan.at.packed, order, left, left + count, plan.at.gathered)
    if (gathers === 2) gather(plan.at.packed, order, right, right + others, plan.at.gathered)
  },

  /** Output, rows that were learned from, leaves; each leaf's first and last place and value lie in `leafRows`. */
  addLeaves: (machine, member, members) => {
    const { plan, kernels, f64 } = machine
    const F = plan.at.F + given(machine, 0) * columnBytes(plan)
    const { from, to } = shareOf(given(machine, 1), member, members)
    const leaves = given(machine, 2)
    for (let leaf = 0; leaf < leaves; leaf++) {
      const place = plan.at.leafRows / 8 + leaf * 3
      const start = Math.max(from, f64[place]!)
      const end = Math.min(to, f64[place + 1]!)
      if (start < end) kernels.addToRows(F, plan.at.order, start, end, f64[place + 2]!)
    }
  },

  /** Output, first and last row; the tree lies in `nodes`, `sides` and `values`. */
  route: (machine, member, members) => {
    const { plan, kernels } = machine
    const [output, first, last] = [given(machine, 0), given(machine, 1), given(machine, 2)]
    const { from, to } = shareOf(last - first, member, members)
    const F = plan.at.F + output * columnBytes(plan)
    kernels.route(plan.at.nodes, plan.at.sides, plan.at.values, first + from, first + to, F)
  },
}
