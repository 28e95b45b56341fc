import type { Cell } from './column-codec.ts'

/** Cells that are plain decimal numbers, or missing: NaN. */
export type NumberColumn = { readonly kind: 'numbers'; readonly values: Float64Array }

/** Each cell by its number in the list of distinct ones. */
export type LevelColumn = { readonly kind: 'levels'; readonly codes: Uint32Array; readonly levels: readonly Cell[] }

/**
 * One column of a table. The typed forms take 8 and 4 bytes a cell; the codec reads all three alike. One that lies on disk
 * is read when it is asked for: ask for a column once, and let it go before the next.
 */
export type Column = readonly Cell[] | NumberColumn | LevelColumn

const isCells = (column: Column): column is readonly Cell[] => Array.isArray(column)

export const columnLength = (column: Column): number => {
  if (isCells(column)) return column.length
  return column.kind === 'numbers' ? column.values.length : column.codes.length
}

/** Reads single cells; a missing number is null. */
export const cellReaderOf = (column: Column): ((row: number) => Cell) => {
  if (isCells(column)) return (row) => column[row]
  if (column.kind === 'levels') return (row) => column.levels[column.codes[row]!]
  return (row) => (Number.isNaN(column.values[row]!) ? null : column.values[row])
}

export const cellsOf = (column: Column): readonly Cell[] => {
  if (isCells(column)) return column
  const cell = cellReaderOf(column)
  return Array.from({ length: columnLength(column) }, (_, row) => cell(row))
}

/** Some rows of a column, in the order given. */
export const pickRows = (column: Column, rows: Uint32Array): Column => {
  if (isCells(column)) return Array.from(rows, (row) => column[row])
  if (column.kind === 'levels') return { ...column, codes: rows.map((row) => column.codes[row]!) }
  return { ...column, values: Float64Array.from(rows, (row) => column.values[row]!) }
}

/** Distinct cells with how often each occurs and the first row that has it; 1 and "1" are two, missing cells are left out. */
export type DistinctCell = { readonly cell: string | number | boolean; readonly count: number; readonly row: number }

/** In the order of their first rows. */
export const distinctCells = (column: Column): readonly DistinctCell[] => {
  const { codes, levels } = asLevels(column)
  const counts = new Uint32Array(levels.length)
  const first = new Uint32Array(levels.length)
  const order: number[] = []
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (counts[code] === 0) {
      first[code] = row
      order.push(code)
    }
    counts[code]! += 1
  }
  return order.flatMap((code) => {
    const cell = levels[code]
    return cell === null || cell === undefined ? [] : [{ cell, count: counts[code]!, row: first[code]! }]
  })
}

/** The same cells by number; level 0 is the missing one where the column was none before. */
export const asLevels = (column: Column): LevelColumn => {
  if (!isCells(column) && column.kind === 'levels') return column
  const length = columnLength(column)
  const codes = new Uint32Array(length)
  const numbers = new Map<Cell, number>()
  const levels: Cell[] = [null]
  const cell = cellReaderOf(column)
  for (let row = 0; row < length; row++) {
    const value = cell(row)
    if (value === null || value === undefined) continue
    let code = numbers.get(value)
    if (code === undefined) {
      code = levels.length
      numbers.set(value, code)
      levels.push(value)
    }
    codes[row] = code
  }
  return { kind: 'levels', codes, levels }
}
