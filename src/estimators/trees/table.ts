import type { Features, SparseMatrix } from '../estimator.ts'
import type { Machine } from './machine.ts'
import { scratchColumn } from './phases.ts'
import { binCount, blockRows } from './plan.ts'
import type { Conduct } from './team.ts'

/** Bins in which numbers may lie; one is for missing ones. */
const mostBins = binCount - 1

/** Number of columns, those of the sparse block behind the dense ones. */
export const columnsOf = ({ columns, sparse }: Features): number => columns + (sparse?.columns ?? 0)

/** Rows [from, to) as float64 [rows, columns] at the beginning of `out`. */
export const copyRows = (X: Features, from: number, to: number, out: Float64Array): void => {
  const { columns, values, sparse } = X
  if (sparse === undefined) {
    out.set(values.subarray(from * columns, to * columns))
    return
  }
  const width = columns + sparse.columns
  out.fill(0, 0, (to - from) * width)
  for (let i = from; i < to; i++) {
    const start = (i - from) * width
    out.set(values.subarray(i * columns, (i + 1) * columns), start)
    for (let at = sparse.starts[i]!; at < sparse.starts[i + 1]!; at++)
      out[start + columns + sparse.places[at]!] = sparse.values[at]!
  }
}

/** Levels of each column, 0 for a number. */
export const levelsOf = (X: Features): readonly number[] => {
  const levels = X.levels ?? new Array<number>(X.columns).fill(0)
  return [...levels, ...new Array<number>(columnsOf(X) - levels.length).fill(0)]
}

/** Where a feature's bins end, or which levels its bins hold. */
export type FeatureBins = { readonly edges: readonly number[] } | { readonly levels: readonly number[] }

/** Finds the bins of all features on the learned rows, and bins these and the watched ones. */
export const binTable = (
  machine: Machine,
  conduct: Conduct,
  X: Features,
  watched?: Features,
): readonly FeatureBins[] => {
  const found = findBins(machine, conduct, X)
  const { plan, f64 } = machine
  const block = f64.subarray(plan.at.scratch / 8)
  for (const [table, offset] of [[X, 0] as const, ...(watched ? [[watched, plan.rows] as const] : [])]) {
    for (let from = 0; from < table.rows; from += blockRows) {
      const to = Math.min(table.rows, from + blockRows)
      copyRows(table, from, to, block)
      conduct('bin', offset + from, to - from)
    }
  }
  return found
}

const findBins = (machine: Machine, conduct: Conduct, X: Features): readonly FeatureBins[] => {
  const { plan, f64 } = machine
  const found = new Array<FeatureBins>(plan.features)
  const numbers = plan.levels.flatMap((levels, j) => (levels === 0 ? [j] : []))
  for (let first = 0; first < numbers.length; first += plan.members) {
    const some = numbers.slice(first, first + plan.members)
    const columns = some.map((j, c) => [
      j,
      sampleColumn(X, j, plan.sampleRows, f64.subarray(scratchColumn(machine, c), scratchColumn(machine, c + 1))),
    ])
    const idle = new Array<number>(2 * (plan.members - some.length)).fill(-1)
    conduct('sort', ...columns.flat(), ...idle)
    for (const j of some) {
      const place = plan.at.edges / 8 + j * binCount
      found[j] = { edges: Array.from(f64.subarray(place, place + f64[place + binCount - 1]! - 1)) }
    }
  }
  plan.levels.forEach((levels, j) => {
    if (levels === 0) return
    found[j] = { levels: frequentLevels(X, j, levels) }
    writeLevels(machine, j, found[j].levels)
  })
  return found
}

/** Every k-th row's value of column j, missing ones left out -> how many. */
const sampleColumn = (X: Features, j: number, rows: number, out: Float64Array): number => {
  const step = X.rows / rows
  if (j >= X.columns) return sampleTerm(X.sparse!, j - X.columns, rows, out)
  const { values, columns } = X
  let length = 0
  for (let k = 0; k < rows; k++) {
    const value = values[(step === 1 ? k : Math.floor(k * step)) * columns + j]!
    // + 0 makes one zero of two.
    if (!Number.isNaN(value)) out[length++] = value + 0
  }
  return length
}

const sampleTerm = (sparse: SparseMatrix, term: number, rows: number, out: Float64Array): number => {
  const { starts, places, values } = sparse
  const step = sparse.rows / rows
  for (let k = 0; k < rows; k++) {
    const i = Math.floor(k * step)
    out[k] = 0
    for (let at = starts[i]!; at < starts[i + 1]!; at++) if (places[at] === term) out[k] = values[at]!
  }
  return rows
}

/** The levels that have a bin each: all, or the most frequent of more than 255. */
const frequentLevels = (X: Features, j: number, levels: number): readonly number[] => {
  const counts = new Float64Array(levels)
  for (let i = 0; i < X.rows; i++) {
    const level = X.values[i * X.columns + j]!
    if (!Number.isNaN(level)) counts[level]! += 1
  }
  const present = Array.from(counts.keys()).filter((level) => counts[level]! > 0)
  if (present.length <= mostBins) return present
  return present
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, mostBins)
    .sort((a, b) => a - b)
}

/** The bin of each level, and how many bins there are. */
const writeLevels = ({ plan, f64, u8 }: Machine, j: number, levels: readonly number[]): void => {
  const start = plan.at.levels + plan.levelStarts[j]!
  u8.fill(binCount - 1, start, start + plan.levels[j]!)
  levels.forEach((level, bin) => {
    u8[start + level] = bin
  })
  f64[plan.at.edges / 8 + j * binCount + binCount - 1] = Math.max(1, levels.length)
}
