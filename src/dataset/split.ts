import { PercallError } from '../errors.ts'
import { encodeColumn } from './codec.ts'
import { pickRows } from './column.ts'
import { type ColumnCodec, missingInt64 } from './column-codec.ts'
import { foldsByKey, groupFolds, stratifiedFolds, timeBlocks } from './deal-folds.ts'
import { groupNumbers, rowKeys, type Sha256 } from './row-keys.ts'
import { gapSide, sidesByKey, sidesByTime, trainSide } from './sides.ts'
import { rowPlace, type Table } from './table.ts'

export type { Sha256 } from './row-keys.ts'

/**
 * `random`: 20 % of the keys are test rows; `stratified`: the same, and folds that share classes evenly; `group`: 20 % of
 * the groups; `time`: the last 20 %; `none`: every row is a train row.
 */
export const splitMethods = ['random', 'stratified', 'time', 'group', 'none'] as const

export type SplitMethod = (typeof splitMethods)[number]

export type Split = {
  readonly method: SplitMethod
  /** The column whose cells are the rows' keys; their content by default. */
  readonly key?: string
  /** The columns whose cells are the content; all but the target and the weight by default. */
  readonly columns?: readonly string[]
  /** The column of groups. */
  readonly group?: string
  /** How the column of times is read. */
  readonly time?: ColumnCodec
  /** Seconds, or units of a time that is a number. */
  readonly gap?: number
}

export type SplitRows = {
  /** 0 train, 1 test, 2 neither: in the gap before a test in time. */
  readonly test: Uint8Array
  readonly folds: Uint8Array
  readonly times?: Float64Array
  readonly groups?: Uint32Array
}

/** What is to be predicted, and the columns that are no part of a row's content: its own and that of the weights. */
type Target = { readonly y: Float64Array; readonly isClass: boolean; readonly apart?: readonly string[] }

/** Side and fold of each of `rows`, by nothing but their content, the split and the seed. Throws UNKNOWN_COLUMN, BAD_TABLE. */
export const splitRows =
  (sha256: Sha256) =>
  (table: Table, rows: Uint32Array, split: Split, target: Target, count: number, seed: number): SplitRows => {
    if (split.method === 'time') return byTime(table, rows, split, count)
    const key = split.group ?? split.key
    const keys = rowKeys(sha256)(table, rows, {
      ...(key !== undefined && { key }),
      ...(target.apart && { apart: target.apart }),
      ...(split.columns && { columns: split.columns }),
    })
    const test = split.method === 'none' ? new Uint8Array(rows.length) : sidesByKey(keys)
    if (split.method === 'group') {
      const groups = groupNumbers(table, rows, split.group ?? '')
      requireGroups(groups, test, split.group)
      return { test, folds: groupFolds(groups, keys, count, seed), groups }
    }
    const folds =
      split.method === 'stratified'
        ? stratifiedFolds(keys, target.y, target.isClass, count, seed)
        : foldsByKey(keys, count, seed)
    return { test, folds }
  }

const byTime = (table: Table, rows: Uint32Array, { time, gap = 0 }: Split, count: number): SplitRows => {
  if (time === undefined) throw new PercallError('BAD_RUN', 'split by time: expected a column of times, got none')
  const times = timesOf(table, rows, time)
  const test = sidesByTime(times, gap)
  const learnt = times.filter((_, row) => test[row] === trainSide)
  if (learnt.length === 0)
    throw new PercallError(
      'BAD_TABLE',
      `split by time: expected rows before the gap of ${gap}, got none: ${test.filter((side) => side === gapSide).length} rows lie in it`,
    )
  const blocks = timeBlocks(learnt, count)
  const folds = new Uint8Array(rows.length)
  let at = 0
  for (let row = 0; row < rows.length; row++) if (test[row] === trainSide) folds[row] = blocks[at++]!
  return { test, folds, times }
}

/** Epoch seconds, or numbers. Throws BAD_TABLE for a row without a time. */
const timesOf = (table: Table, rows: Uint32Array, codec: ColumnCodec): Float64Array => {
  const place = table.names.indexOf(codec.name)
  const data = encodeColumn(codec, pickRows(table.columns[place]!, rows))
  const times = Float64Array.from(data, (time: number | bigint | string) =>
    time === missingInt64 ? Number.NaN : Number(time),
  )
  const missing = times.findIndex((time) => Number.isNaN(time))
  if (missing < 0) return times
  throw new PercallError(
    'BAD_TABLE',
    `${rowPlace(table)(rows[missing]!)}, column ${codec.name}: expected a time to split by, got a missing one; fill it in, or leave such rows out`,
  )
}

const requireGroups = (groups: Uint32Array, test: Uint8Array, column: string | undefined): void => {
  const sizes = new Set(groups).size
  if (sizes < 2)
    throw new PercallError('BAD_TABLE', `split by group ${column}: expected at least 2 groups, got ${sizes}`)
  if (test.every((side) => side !== trainSide))
    throw new PercallError(
      'BAD_TABLE',
      `split by group ${column}: expected groups to learn from, got ${sizes}, all of the test; name split none`,
    )
}
