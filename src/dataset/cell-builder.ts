import type { Column } from './column.ts'
import type { Cell } from './column-codec.ts'

/** A column that grows by cells of JSON's types: numbers by value while there is nothing else, then cells by number. */
export type CellBuilder = {
  readonly set: (row: number, cell: Cell) => void
  /** The first `rows` cells; those that were not set are missing. */
  readonly column: (rows: number) => Column
}

const firstRows = 64

export const newCellBuilder = (): CellBuilder => {
  let values: Float64Array | undefined = new Float64Array(firstRows).fill(Number.NaN)
  let codes = new Uint32Array(0)
  const levels: Cell[] = [null]
  const numbers = new Map<Cell, number>()

  const codeOf = (cell: Cell): number => {
    const known = numbers.get(cell)
    if (known !== undefined) return known
    numbers.set(cell, levels.length)
    levels.push(cell)
    return levels.length - 1
  }

  const toLevels = (): void => {
    const before = values ?? new Float64Array(0)
    codes = new Uint32Array(before.length)
    for (let row = 0; row < before.length; row++) if (!Number.isNaN(before[row]!)) codes[row] = codeOf(before[row]!)
    values = undefined
  }

  const enlarge = (rows: number): void => {
    if (values) {
      const larger: Float64Array = new Float64Array(rows).fill(Number.NaN)
      larger.set(values)
      values = larger
    } else {
      const larger = new Uint32Array(rows)
      larger.set(codes)
      codes = larger
    }
  }

  return {
    set: (row, cell) => {
      if (cell === null || cell === undefined) return
      const room = values?.length ?? codes.length
      if (row >= room) enlarge(Math.max(row + 1, 2 * room))
      if (typeof cell !== 'number' && values) toLevels()
      if (values) values[row] = Number(cell) + 0
      else codes[row] = codeOf(cell)
    },
    column: (rows) => {
      if (rows > (values?.length ?? codes.length)) enlarge(rows)
      return values
        ? { kind: 'numbers', values: values.subarray(0, rows) }
        : { kind: 'levels', codes: codes.subarray(0, rows), levels }
    },
  }
}
