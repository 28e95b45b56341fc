import type { Matrix } from '../../estimators/estimator.ts'

/** Margins [rows, outputs] of rows that a fit did not see, with their numbers in the train part, ascending. */
export type HeldMargins = { readonly rows: Uint32Array; readonly margins: Matrix }

const headerNumbers = 2
const numberBytes = 4
const marginBytes = 8

const marginsAt = (rows: number): number =>
  Math.ceil(((headerNumbers + rows) * numberBytes) / marginBytes) * marginBytes

/**
 * oof.bin, little-endian: rows and outputs (uint32), the rows' numbers (uint32), and from the next multiple of 8 on their
 * margins (float64), row by row.
 */
export const encodeHeld = ({ rows, margins }: HeldMargins): Uint8Array => {
  const start = marginsAt(rows.length)
  const bytes = new Uint8Array(start + margins.values.length * marginBytes)
  new Uint32Array(bytes.buffer, 0, headerNumbers).set([rows.length, margins.columns])
  new Uint32Array(bytes.buffer, headerNumbers * numberBytes, rows.length).set(rows)
  new Float64Array(bytes.buffer, start).set(margins.values)
  return bytes
}

/** The inverse of encodeHeld. */
export const decodeHeld = (file: Uint8Array): HeldMargins => {
  const bytes = file.byteOffset % marginBytes === 0 ? file : file.slice()
  const { buffer, byteOffset } = bytes
  const [count = 0, columns = 0] = new Uint32Array(buffer, byteOffset, headerNumbers)
  const rows = new Uint32Array(buffer, byteOffset + headerNumbers * numberBytes, count)
  const values = new Float64Array(buffer, byteOffset + marginsAt(count), count * columns)
  return { rows, margins: { rows: count, columns, values } }
}

/** Those of all folds in the order of their rows. */
export const joinHeld = (folds: readonly HeldMargins[]): HeldMargins => {
  const places = folds.flatMap(({ rows }, fold) => Array.from(rows, (row, at) => ({ row, fold, at })))
  places.sort((a, b) => a.row - b.row)
  const columns = folds[0]?.margins.columns ?? 1
  const values = new Float64Array(places.length * columns)
  places.forEach(({ fold, at }, place) => {
    const from = folds[fold]!.margins.values.subarray(at * columns, (at + 1) * columns)
    values.set(from, place * columns)
  })
  return {
    rows: Uint32Array.from(places, ({ row }) => row),
    margins: { rows: places.length, columns, values },
  }
}
