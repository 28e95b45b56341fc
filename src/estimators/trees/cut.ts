import type { Limits } from './plan.ts'

/** Sums over a set of rows; `rows` is their exact number. */
export type Sums = { readonly g: number; readonly h: number; readonly rows: number }

/** Where a node's value must lie; without monotone features anywhere. */
export type Bounds = { readonly low: number; readonly high: number }

/** A cut of a node's rows: `bins` [256] is 1 for each bin that goes left. */
export type Cut = { readonly gain: number; readonly left: Sums; readonly right: Sums; readonly bins: Uint8Array }

/** Sums of the bins of one feature, the missing ones apart. */
export type BinSums = { readonly bins: readonly Sums[]; readonly missing: Sums }

export const noSums: Sums = { g: 0, h: 0, rows: 0 }

export const plus = (a: Sums, b: Sums): Sums => ({ g: a.g + b.g, h: a.h + b.h, rows: a.rows + b.rows })

export const minus = (a: Sums, b: Sums): Sums => ({ g: a.g - b.g, h: a.h - b.h, rows: a.rows - b.rows })

/** The Newton step -g / (h + l2) inside the bounds. */
export const stepOf = ({ g, h }: Sums, l2: number, { low, high }: Bounds): number =>
  h + l2 > 0 ? Math.min(high, Math.max(low, -g / (h + l2))) : 0

/** How much a value lowers the loss, twice: g² / (h + l2) where the bounds do not bind. */
export const worthOf = ({ g, h }: Sums, value: number, l2: number): number => -value * (2 * g + (h + l2) * value)

/** Whether a side may be. */
export const fits = ({ h, rows }: Sums, { minRows, minHessian }: Limits): boolean => rows >= minRows && h >= minHessian
