import { PercallError } from '../errors.ts'
import { canonicalCell } from './cell-text.ts'
import { asLevels } from './column.ts'
import { countCopies, countDuplicates, hashRows, type RowHashes } from './row-hash.ts'
import type { Table } from './table.ts'

/** SHA-256 of the text's UTF-8 bytes, 32 bytes. */
export type Sha256 = (text: string) => Uint8Array

/** Of each row's key: where its digest lies in the range of digests, 0 to 1, and 64 further bits of it. */
export type RowKeys = RowHashes & { readonly share: Float64Array }

/** The digest's first 48 bits as a fraction of their range. */
const shareOf = (digest: Uint8Array): number =>
  digest.subarray(0, 6).reduce((value, byte) => value * 256 + byte, 0) / 2 ** 48

const wordAt = (digest: Uint8Array, at: number): number =>
  digest.subarray(at, at + 4).reduce((value, byte) => value * 256 + byte, 0)

const keep = (keys: RowKeys, row: number, digest: Uint8Array): void => {
  keys.share[row] = shareOf(digest)
  keys.high[row] = wordAt(digest, 8)
  keys.low[row] = wordAt(digest, 12)
}

/**
 * From this share of copies on, rows are equal because their columns have few values, not because they came twice: were
 * they kept together, a test would ask for what no train row has.
 */
const commonCopies = 0.5

type Content = { readonly apart?: readonly string[] | undefined; readonly columns?: readonly string[] | undefined }

/**
 * The content of each row, of `columns` or of all but those `apart`: the target and the weight. With the target in it rows that differ in
 * nothing else would lie on two sides by their label, and a fold would learn the opposite of what it is asked.
 */
const contentOf = (table: Table, rows: Uint32Array, { apart = [], columns }: Content): ((row: number) => string) => {
  const counted = new Set(columns ?? table.names)
  for (const name of apart) counted.delete(name)
  const places = [...table.names.keys()].filter((place) => counted.has(table.names[place]!))
  const names = places.map((place) => table.names[place]!)
  const hashes = hashRows({ names, columns: places.map((place) => table.columns[place]!) }, rows)
  // The second of equal rows is the second one in a later version too.
  const copies = countDuplicates(hashes) > commonCopies * rows.length ? countCopies(hashes) : undefined
  return (i) =>
    `row ${hashes.high[i]!.toString(16)} ${hashes.low[i]!.toString(16)}${copies?.[i] ? ` ${copies[i]}` : ''}`
}

/** The keys of `rows`: the cells of column `key`, or their content whatever the order of columns. Throws UNKNOWN_COLUMN. */
export const rowKeys =
  (sha256: Sha256) =>
  (table: Table, rows: Uint32Array, { key, ...counted }: Content & { readonly key?: string }): RowKeys => {
    const { length } = rows
    const keys = { share: new Float64Array(length), high: new Uint32Array(length), low: new Uint32Array(length) }
    if (key === undefined) {
      const content = contentOf(table, rows, counted)
      for (let i = 0; i < length; i++) keep(keys, i, sha256(content(i)))
      return keys
    }
    const { codes, levels } = columnNamed(table, key)
    const digests = new Map<number, Uint8Array>()
    for (let i = 0; i < length; i++) {
      const code = codes[rows[i]!]!
      const digest = digests.get(code) ?? sha256(String(canonicalCell(levels[code]) ?? ''))
      digests.set(code, digest)
      keep(keys, i, digest)
    }
    return keys
  }

/** The number of each row's cell among the distinct ones of a column, missing ones as one of them. Throws UNKNOWN_COLUMN. */
export const groupNumbers = (table: Table, rows: Uint32Array, column: string): Uint32Array => {
  const { codes, levels } = columnNamed(table, column)
  const numbers = new Map<number | string | undefined, number>()
  return rows.map((row) => {
    const cell = canonicalCell(levels[codes[row]!])
    const number = numbers.get(cell) ?? numbers.size
    numbers.set(cell, number)
    return number
  })
}

const columnNamed = (table: Table, name: string) => {
  const place = table.names.indexOf(name)
  if (place >= 0) return asLevels(table.columns[place]!)
  const names = table.names.join(', ')
  throw new PercallError('UNKNOWN_COLUMN', `split: expected a column among ${names}, got ${name}`)
}
