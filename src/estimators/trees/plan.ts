import { PercallError } from '../../errors.ts'
import type { Loss } from './losses.ts'

/** What a fit over one table needs to know of it; plain JSON, so that every thread has it. */
export type Shape = {
  /** Rows that are learned from; watched ones follow them. */
  readonly rows: number
  readonly watched: number
  readonly features: number
  /** Trees a round. */
  readonly outputs: number
  readonly leaves: number
  readonly loss: Loss
  readonly weighted: boolean
  /** Number of levels of each feature, 0 for numbers. */
  readonly levels: readonly number[]
  /** -1, 0 or 1 for each feature; empty without any. */
  readonly monotone: readonly number[]
  readonly limits: Limits
  /** Forests draw other features for each node, so that a node's histograms are no use to its children. */
  readonly reuse: boolean
  readonly members: number
}

/** What a cut must keep. */
export type Limits = {
  readonly minRows: number
  readonly minHessian: number
  readonly minGain: number
  readonly l2: number
  readonly categoryRows: number
  readonly categorySmoothing: number
}

/** Addresses in bytes of the one memory that all threads share. */
export type Plan = Shape & {
  /** rows + watched. */
  readonly all: number
  readonly groups: number
  /** The hessian is the number of rows, and one integer holds both: see kernels/histogram.ts. */
  readonly narrow: boolean
  /** Bits of the lower part of a packed integer. */
  readonly shift: number
  /** Bytes of a feature's histogram. */
  readonly histogramBytes: number
  readonly slots: number
  readonly sampleRows: number
  /** Where the bins of a feature's levels begin in their region. */
  readonly levelStarts: readonly number[]
  readonly at: Readonly<Record<Region, number>>
  readonly bytes: number
}

const regions = [
  ...['control', 'given', 'results', 'chosen', 'active', 'counts', 'sums', 'room', 'bins', 'order', 'spare', 'F', 'y'],
  ...['weights', 'gradients', 'hessians', 'probabilities', 'packed', 'gathered', 'losses', 'edges', 'levels'],
  ...['histograms', 'scratch', 'nodes', 'sides', 'values', 'leafRows'],
] as const

export type Region =
  | (
      | 'control'
      | 'given'
      | 'results'
      | 'chosen'
      | 'active'
      | 'counts'
      | 'sums'
      | 'room'
      | 'bins'
      | 'order'
      | 'spare'
      | 'F'
      | 'y'
    )
  | ('weights' | 'gradients' | 'hessians' | 'probabilities' | 'packed' | 'gathered' | 'losses' | 'edges')
  | ('levels' | 'histograms' | 'scratch' | 'nodes' | 'sides' | 'values' | 'leafRows')

/** Bins of a feature, the last one for missing values. */
export const binCount = 256
/** Rows of one piece of work; losses are summed in pieces, so that their sum does not hang on the threads. */
export const chunkRows = 2048
/** Rows that are binned at once. */
export const blockRows = 4096
/** Rows whose values decide where bins end, as scikit-learn's HistGradientBoosting (binning.py, subsample). */
const mostSampleRows = 200_000
/** Histograms kept for children; beyond them a child's is counted again. */
const mostHistogramBytes = 256 * 2 ** 20
/** f64 numbers a member writes for each of two nodes. */
export const resultNumbers = 16

/** A member's room for the running sums of one feature and their gains: four f64[256], and u8[256] bins of the sums. */
export const sumsBytes = 4 * 2048 + 256

/** A member's room for a feature of few rows: u8[256] and i64[512] of zeros (kernels/threshold.ts). */
export const roomBytes = 256 + 512 * 8

const pageBytes = 65536
const mostBytes = 2 ** 32 - pageBytes

/** Sizes, addresses and widths. Throws BAD_TABLE when 4 GB do not hold the table. */
export const planOf = (shape: Shape): Plan => {
  const { rows, watched, features, outputs, leaves, members } = shape
  const all = rows + watched
  const even = (all + 1) & ~1
  const groups = Math.ceil(features / 4)
  const narrow = constantHessian(shape.loss) && !shape.weighted
  const rowBits = Math.ceil(Math.log2(rows + 1))
  const width = narrow ? 8 : 16
  const histogramBytes = binCount * width
  const slotBytes = groups * 4 * histogramBytes
  const slots = shape.reuse ? Math.max(2, Math.min(leaves, Math.floor(mostHistogramBytes / slotBytes))) : 2
  const sampleRows = Math.min(rows, mostSampleRows)
  const levelStarts = [0]
  for (const levels of shape.levels) levelStarts.push(levelStarts.at(-1)! + levels)
  const sizes: Readonly<Record<Region, number>> = {
    control: 64,
    given: 64 * 8,
    results: members * 2 * resultNumbers * 8,
    chosen: members * 2 * binCount,
    active: groups * 4,
    counts: members * 6 * 2048 * 4,
    sums: members * sumsBytes,
    room: members * roomBytes,
    bins: groups * 4 * all,
    order: rows * 4,
    spare: rows * 4,
    F: outputs * even * 8,
    y: even * 8,
    weights: shape.weighted ? even * 8 : 0,
    gradients: even * 8,
    hessians: narrow ? 0 : even * 8,
    probabilities: outputs > 1 ? outputs * even * 8 : 0,
    packed: even * width,
    gathered: even * width,
    losses: Math.ceil(rows / chunkRows) * 8,
    edges: features * binCount * 8,
    levels: levelStarts.at(-1)!,
    histograms: slots * slotBytes,
    // Two columns a member while bins are found, then a block of rows, then residuals of leaves.
    scratch: Math.max(members * 2 * sampleRows, blockRows * features, 2 * rows) * 8,
    nodes: leaves * 16,
    sides: leaves * binCount,
    values: leaves * 8,
    leafRows: leaves * 3 * 8,
  }
  let end = pageBytes
  const at = Object.fromEntries(
    regions.map((region) => {
      const start = end
      end = Math.ceil((end + sizes[region as Region]) / 128) * 128
      return [region, start]
    }),
  ) as Record<Region, number>
  if (end > mostBytes)
    throw new PercallError(
      'BAD_TABLE',
      `training data: expected at most 4 GB for trees, got ${(end / 2 ** 30).toFixed(1)} GB for [${rows},${features}]`,
    )
  const shift = narrow ? 64 - rowBits : 63 - rowBits
  const bytes = Math.ceil(end / pageBytes) * pageBytes
  return { ...shape, all, groups, narrow, shift, histogramBytes, slots, sampleRows, levelStarts, at, bytes }
}

/** Bytes of a column of f64 with a number for each row, at an even number of rows. */
export const columnBytes = ({ all }: Plan): number => ((all + 1) & ~1) * 8

export const pagesOf = ({ bytes }: Plan): number => bytes / pageBytes

const constantHessian = ({ name }: Loss): boolean =>
  name !== 'binary' && name !== 'multiclass' && name !== 'poisson' && name !== 'mean'
