import { canonicalCell } from './cell-text.ts'
import { type Column, cellReaderOf } from './column.ts'
import type { Cell } from './column-codec.ts'

/** Two hashes of 32 bits for each row. */
export type RowHashes = { readonly high: Uint32Array; readonly low: Uint32Array }

/** The finaliser of MurmurHash3, which spreads each bit over all: A. Appleby, public domain. */
export const mix = (value: number): number => {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

const hashText = (text: string, seed: number): number => {
  let hash = seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619)
  return mix(hash)
}

/** 2^32 divided by the golden ratio, as a second seed. */
const golden = 0x9e3779b9

const float = new Float64Array(1)
const words = new Uint32Array(float.buffer)

const hashNumber = (value: number, seed: number): number => {
  float[0] = value
  return mix(mix(seed ^ words[0]!) ^ words[1]!)
}

const hashCell = (cell: Cell, seed: number): number => {
  const value = canonicalCell(cell)
  if (value === undefined) return 0
  return typeof value === 'number' ? hashNumber(value, seed) : hashText(value, seed ^ golden)
}

const addColumn = ({ high, low }: RowHashes, column: Column, name: string, rows: Uint32Array): void => {
  const seeds = [hashText(name, 1), hashText(name, golden)] as const
  if ('kind' in column && column.kind === 'levels') {
    const hashes = seeds.map((seed) => Uint32Array.from(column.levels, (cell) => hashCell(cell, seed)))
    rows.forEach((row, i) => {
      const code = column.codes[row]!
      high[i]! += hashes[0]![code]!
      low[i]! += hashes[1]![code]!
    })
    return
  }
  const cell = cellReaderOf(column)
  rows.forEach((row, i) => {
    const value = cell(row)
    high[i]! += hashCell(value, seeds[0])
    low[i]! += hashCell(value, seeds[1])
  })
}

/**
 * What each of `rows` holds, whatever the order of columns and the spelling of a number: equal rows have equal hashes, and
 * a column of missing cells counts for nothing. Other rows meet with a chance of n^2 / 2^65.
 */
export const hashRows = (
  table: { readonly names: readonly string[]; readonly columns: readonly Column[] },
  rows: Uint32Array,
): RowHashes => {
  const hashes = { high: new Uint32Array(rows.length), low: new Uint32Array(rows.length) }
  for (const [place, name] of table.names.entries()) addColumn(hashes, table.columns[place]!, name, rows)
  return hashes
}

/** 53 bits of the 64: what a float64 holds, and so what sorts fast. */
const keysOf = ({ high, low }: RowHashes): Float64Array =>
  Float64Array.from(high, (word, i) => word * 2 ** 21 + (low[i]! >>> 11))

/** Of each row: how many before it are its equals. */
export const countCopies = (hashes: RowHashes): Uint32Array => {
  const seen = new Map<number, number>()
  return Uint32Array.from(keysOf(hashes), (key) => {
    const before = seen.get(key) ?? 0
    seen.set(key, before + 1)
    return before
  })
}

/** How many rows are as an earlier one. */
export const countDuplicates = (hashes: RowHashes): number => {
  const keys = keysOf(hashes).sort()
  let count = 0
  for (let i = 1; i < keys.length; i++) if (keys[i] === keys[i - 1]) count += 1
  return count
}
