import type { Codec } from '../../dataset/codec.ts'
import { type FitShape, fitStepMs } from '../trials/cost-model.ts'
import type { Rung } from '../trials/halving.ts'
import type { Trial } from '../trials/trial.ts'

/** What a run's largest step needs, and how long its fits take together, on one processor. */
export type Need = {
  readonly memoryMb: number
  readonly fitMs: number
  /** The longest piece of a fit that cannot be paused. */
  readonly longestStepMs: number
  /** How many fits are begun: trials of all rounds, and the last one on all rows. */
  readonly fits: number
}

/** What is read from a file before anything is fitted. */
export type TableShape = { readonly rows: number; readonly numbers: number; readonly texts: number }

export const tableShape = (rows: number, { columns }: Codec): TableShape => {
  const texts = columns.filter(({ datatype }) => datatype === 'BYTES').length
  return { rows, texts, numbers: columns.length - texts + 1 } // and the target
}

// Set so that the estimate lies above measured peaks of a process that fits a fold of 200,000 x 20 numbers: boosted
// trees 287 MB, a net 305 MB, of which 115 MB are the process after loading; the estimate is 355 MB.
const processMb = 200
const bytesPerNumber = 8
/** A short text with its object; many cells share one. */
const bytesPerText = 48
/** The file's bytes, its columns, those of the train part, those of a fold. */
const tableCopies = 3
/** The features themselves, and what the transformers or the estimator make of them. */
const matrixCopies = 2
/** Target, margins, gradients and hessians, and their likes in other estimators. */
const numbersPerMargin = 8
const bytesPerMb = 1024 * 1024

const peakMb = ({ rows, numbers, texts }: TableShape, shape: FitShape): number => {
  const table = rows * (numbers * bytesPerNumber + texts * bytesPerText)
  const features = shape.rows * shape.features * bytesPerNumber
  const margins = shape.rows * shape.outputs * numbersPerMargin * bytesPerNumber
  return processMb + Math.ceil((tableCopies * table + matrixCopies * features + margins) / bytesPerMb)
}

type Planned = {
  readonly trials: readonly Trial[]
  readonly rungs: readonly Rung[]
  readonly refitMs: number
}

/** Peak memory, time and steps of a plan, by the cost model. No part of it falls when rows or columns are added to the same trials. */
export const estimateNeed = (table: TableShape, shape: FitShape, { trials, rungs, refitMs }: Planned): Need => ({
  memoryMb: peakMb(table, shape),
  fitMs: Math.round(rungs.reduce((sum, { plannedMs }) => sum + plannedMs, refitMs)),
  longestStepMs: Math.round(Math.max(...trials.map(({ algorithm, hyper }) => fitStepMs(algorithm, hyper, shape)))),
  fits: rungs.reduce((sum, rung) => sum + rung.trials, 1),
})
