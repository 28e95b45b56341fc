import { type Machine, shareOf } from './machine.ts'
import { type Places, scan } from './scan.ts'

// Places of what `count` is given.
const counted = {
  from: 0,
  to: 1,
  slot: 2,
  /** The slot that holds the parent's histograms and gets the larger child's, or -1. */
  other: 3,
  gScale: 4,
  hScale: 5,
  low: 6,
  high: 7,
  otherLow: 8,
  otherHigh: 9,
  /** 1 when the rows' sums lie in their places in `gathered`; else they lie by row, and every row is there. */
  gathered: 10,
} as const

/**
 * A node of so few rows is looked at row by row, without histograms, as most of a histogram's bins would be empty: on
 * 160 rows x 1,000 features a tree takes 5.7 instead of 11.8 ms, of 512 leaves on 8,000 x 50 10 instead of 16 ms; 96 to
 * 384 rows differ by less than a tenth.
 */
const mostFewRows = 256

export const hasFewRows = (first: number, last: number): boolean => last - first <= mostFewRows

/** Counts the histograms of a node, takes them from its parent's for its sibling, and finds the best cuts of both. */
export const countPart = (machine: Machine, member: number, members: number): void => {
  const { plan, f64 } = machine
  const at = plan.at.given / 8
  const slot = f64[at + counted.slot]!
  const other = f64[at + counted.other]!
  const { from, to } = shareOf(plan.groups * 4, member, members, 4)
  const places = placesOf(machine)
  const few = hasFewRows(places.first, places.last)
  if (!few || other >= 0) countGroups(machine, places, slot, from, to)
  const scales = { g: f64[at + counted.gScale]!, h: f64[at + counted.hScale]! }
  const end = Math.min(to, plan.features)
  const bounds = { low: f64[at + counted.low]!, high: f64[at + counted.high]! }
  scan(machine, member, 0, few ? places : { slot }, from, end, scales, bounds)
  if (other < 0) return
  const bytes = plan.groups * 4 * plan.histogramBytes
  const start = plan.at.histograms + from * plan.histogramBytes
  machine.kernels.subtract(start + other * bytes, start + slot * bytes, (to - from) * plan.histogramBytes)
  const otherBounds = { low: f64[at + counted.otherLow]!, high: f64[at + counted.otherHigh]! }
  scan(machine, member, 1, { slot: other }, from, end, scales, otherBounds)
}

/** With this many of a group's four features active they are counted one by one: measured, four together take 2.6 times one. */
const fewActive = 2

const placesOf = ({ plan, f64 }: Machine): Places => {
  const at = plan.at.given / 8
  return {
    first: f64[at + counted.from]!,
    last: f64[at + counted.to]!,
    sums: f64[at + counted.gathered] === 1 ? plan.at.gathered : plan.at.packed,
  }
}

const countGroups = (machine: Machine, { first, last, sums }: Places, slot: number, from: number, to: number): void => {
  const { plan, kernels, u8 } = machine
  const groupBytes = plan.all * 4
  const start = plan.at.histograms + slot * plan.groups * 4 * plan.histogramBytes
  kernels.clear(start + from * plan.histogramBytes, (to - from) * plan.histogramBytes)
  const activeOf = (j: number): number =>
    u8[plan.at.active + j]! + u8[plan.at.active + j + 1]! + u8[plan.at.active + j + 2]! + u8[plan.at.active + j + 3]!
  for (let j = from; j < to; j += 4) {
    const active = activeOf(j)
    const bins = plan.at.bins + (j >> 2) * groupBytes
    const histogram = start + j * plan.histogramBytes
    if (active === 0) continue
    if (active <= fewActive) {
      const one = plan.narrow ? kernels.histogram1Narrow : kernels.histogram1Wide
      for (let k = 0; k < 4; k++) {
        if (u8[plan.at.active + j + k] === 0) continue
        one(bins + k, plan.at.order, first, last, sums, histogram + k * plan.histogramBytes)
      }
    } else if (plan.narrow && j + 4 < to && activeOf(j + 4) > fewActive) {
      kernels.histogram8Narrow(bins, bins + groupBytes, plan.at.order, first, last, sums, histogram)
      j += 4
    } else {
      const four = plan.narrow ? kernels.histogram4Narrow : kernels.histogram4Wide
      four(bins, plan.at.order, first, last, sums, histogram)
    }
  }
}
