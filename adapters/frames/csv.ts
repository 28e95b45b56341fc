import { createReadStream } from 'node:fs'
import { typedColumn } from '../../src/csv/columns/column-builder.ts'
import { type CsvScan, scanCsv } from '../../src/csv/columns/scan-csv.ts'
import { csvHeader } from '../../src/dataset/csv-header.ts'
import type { Table } from '../../src/dataset/profile.ts'
import { type CsvHead, readHead } from './csv-head.ts'
import type { Machine } from './duckdb.ts'
import { openSpill, type Spill } from './spill.ts'

const pieceBytes = 4 * 1024 * 1024

type Scanned = { readonly scan: CsvScan; readonly spill: Spill | undefined; readonly rows: number }

type Plan = {
  readonly names: readonly string[]
  readonly delimiter: string
  readonly expectedRows: number
  /** How many rows are held in memory before they are moved to disk. */
  readonly mostRows: number
}

const scanFile = async (file: string, plan: Plan, asText: ReadonlySet<number>): Promise<Scanned> => {
  const { mostRows, names } = plan
  const isLarge = plan.expectedRows > mostRows
  const scan = scanCsv({ ...plan, asText, expectedRows: Math.min(plan.expectedRows, mostRows) })
  const spill = isLarge ? openSpill(names.length) : undefined
  let spilled = 0
  for await (const piece of createReadStream(file, { highWaterMark: pieceBytes })) {
    scan.add(piece)
    if (!spill || scan.held() < mostRows) continue
    spilled += scan.held()
    spill.append(scan)
  }
  scan.end()
  const rows = spilled + scan.held()
  spill?.append(scan)
  return { scan, spill, rows }
}

/** Columns that have a text in the first lines: most files need no second reading by them. */
const textColumns = ({ bytes }: CsvHead, names: readonly string[], delimiter: string): Set<number> => {
  const scan = scanCsv({ names, delimiter, asText: new Set() })
  scan.add(bytes)
  return new Set(scan.builders.keys().filter((place) => scan.builders[place]?.values === undefined))
}

const margin = 1.05

const expectedRows = ({ bytes, sizeBytes }: CsvHead): number => {
  let breaks = 1
  for (const byte of bytes) if (byte === 10 || byte === 13) breaks += 1
  return Math.ceil((breaks / Math.max(1, bytes.length)) * sizeBytes * margin)
}

/** Of a function's memory; the rest is for texts, and for what is made of the columns. */
const shareOfMemory = 0.3
const bytesPerMb = 1024 * 1024
const bytesPerCell = 8

/**
 * Reads a CSV file by pieces into typed columns: not by DuckDB, whose cells as text cost twice the time of numbers that are
 * read from the bytes (bench/read.ts). Columns beyond the memory's share lie on disk. Throws BAD_TABLE that names line and column.
 */
export const readCsv = async (file: string, { memoryMb }: Pick<Machine, 'memoryMb'>): Promise<Table> => {
  const head = await readHead(file)
  const { names, delimiter } = csvHeader(head.text)
  const mostRows = Math.floor((memoryMb * bytesPerMb * shareOfMemory) / (bytesPerCell * names.length))
  const plan = { names, delimiter, expectedRows: expectedRows(head), mostRows: Math.max(1, mostRows) }
  const asText = textColumns(head, names, delimiter)
  for (;;) {
    const { scan, spill, rows } = await scanFile(file, plan, asText)
    const torn = names.keys().filter((place) => scan.builders[place]?.torn || spill?.isTorn(place))
    const before = asText.size
    for (const place of torn) asText.add(place)
    // A text behind numbers: their spelling is gone, so the column is read again as text.
    if (asText.size > before) continue
    const columns = spill ? spill.columns(scan) : scan.builders.map((builder) => typedColumn(builder, rows))
    return { names, delimiter, rows, columns, ...(scan.isRegular() && { firstLine: 2 }) }
  }
}
