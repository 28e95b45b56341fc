import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { textsOf } from '../../src/csv/columns/dictionary.ts'
import type { CsvScan } from '../../src/csv/columns/scan-csv.ts'
import type { Column } from '../../src/dataset/column.ts'
import { PercallError } from '../../src/errors.ts'

/** Columns of a table on disk, one file each. */
export type Spill = {
  /** Moves the rows that a scan holds behind those of before. */
  readonly append: (scan: CsvScan) => void
  /** Whether a column turned from numbers to text between two moves. */
  readonly isTorn: (place: number) => boolean
  /** The columns; each is read when it is asked for. */
  readonly columns: (scan: CsvScan) => readonly Column[]
}

/** A process may have 1,024 files open on AWS Lambda; a large file of more columns is no table that is trained on. */
const mostColumns = 800

let open: readonly number[] = []

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** One write takes 2 GB at most. */
const mostWriteBytes = 2 ** 30

const writeAll = (file: number, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, Math.min(mostWriteBytes, bytes.length - at))
}

const readAll = (file: number): ArrayBuffer => {
  const buffer = new ArrayBuffer(fstatSync(file).size)
  for (let at = 0; at < buffer.byteLength; ) {
    const read = readSync(file, new Uint8Array(buffer, at), 0, Math.min(mostWriteBytes, buffer.byteLength - at), at)
    if (read === 0) throw new Error(`column on disk: expected ${buffer.byteLength} bytes, got ${at}`)
    at += read
  }
  return buffer
}

/** Room for one table; that of the table before it in this process is freed. Throws TOO_LARGE beyond 800 columns. */
export const openSpill = (width: number): Spill => {
  if (width > mostColumns)
    throw new PercallError(
      'TOO_LARGE',
      `file: expected at most ${mostColumns} columns in a file that does not fit in memory, got ${width}`,
    )
  for (const file of open) closeSync(file)
  const folder = mkdtempSync(join(tmpdir(), 'percall-spill-'))
  const files = Array.from({ length: width }, (_, place) => openSync(join(folder, String(place)), 'w+'))
  // Open files stay without their names, and are gone with the process.
  rmSync(folder, { recursive: true })
  open = files
  const fileOf = (place: number): number => files[place] ?? -1
  const wereNumbers: (boolean | undefined)[] = new Array(width).fill(undefined)
  const torn = new Set<number>()
  return {
    append: (scan) => {
      const rows = scan.held()
      for (const [place, { values, codes }] of scan.builders.entries()) {
        const isNumbers = values !== undefined
        if ((wereNumbers[place] ?? isNumbers) !== isNumbers) torn.add(place)
        wereNumbers[place] = isNumbers
        writeAll(fileOf(place), bytesOf((values ?? codes).subarray(0, rows)))
      }
      scan.release()
    },
    isTorn: (place) => torn.has(place),
    columns: ({ builders }) => {
      const columns: Column[] = []
      for (const [place, { dictionary }] of builders.entries())
        Object.defineProperty(columns, place, {
          enumerable: true,
          get: (): Column =>
            dictionary
              ? { kind: 'levels', codes: new Uint32Array(readAll(fileOf(place))), levels: textsOf(dictionary) }
              : { kind: 'numbers', values: new Float64Array(readAll(fileOf(place))) },
        })
      return columns
    },
  }
}
