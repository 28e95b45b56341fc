import { PercallError } from '../errors.ts'
import type { Table } from './profile.ts'

/** SHA-256 of the text's UTF-8 bytes, 32 bytes. */
export type Sha256 = (text: string) => Uint8Array

/** `random`: 20 % of the keys are test rows; `none`: every row is a train row. */
export type SplitMethod = 'random' | 'none'

const testShare = 0.2

/** The rows' keys: the cells of column `key`, or the whole content whatever the order of columns. Throws UNKNOWN_COLUMN. */
export const rowKeys = (table: Table, key?: string): readonly string[] => {
  if (key !== undefined) {
    const column = table.columns[table.names.indexOf(key)]
    if (column === undefined) {
      throw new PercallError('UNKNOWN_COLUMN', `split key: expected one of ${table.names.join(', ')}, got ${key}`)
    }
    return column.map((cell) => String(cell ?? ''))
  }
  const order = [...table.names.keys()].sort((a, b) => (table.names[a]! < table.names[b]! ? -1 : 1))
  return Array.from({ length: table.columns[0]?.length ?? 0 }, (_, row) =>
    JSON.stringify(order.map((column) => [table.names[column], String(table.columns[column]![row] ?? '')])),
  )
}

/** Membership by key: 1 = test. Does not depend on a seed, so a row keeps its side in later dataset versions. */
export const testRows =
  (sha256: Sha256) =>
  (keys: readonly string[], method: SplitMethod): Uint8Array =>
    Uint8Array.from(keys, (key) => (method === 'random' && uniform(sha256(key)) < testShare ? 1 : 0))

/** Fold number 0..count-1 of each row, by key and seed: duplicates stay together. */
export const foldNumbers =
  (sha256: Sha256) =>
  (keys: readonly string[], count: number, seed: number): Uint8Array =>
    Uint8Array.from(keys, (key) => Math.floor(uniform(sha256(`fold ${seed} ${key}`)) * count))

/** The digest's first 48 bits as a fraction of their range. */
const uniform = (digest: Uint8Array): number =>
  digest.subarray(0, 6).reduce((value, byte) => value * 256 + byte, 0) / 2 ** 48
