import type { Rows } from '../call/instances.ts'
import type { Cell, ColumnCodec } from '../dataset/column-codec.ts'
import { parseNumber } from '../dataset/number-cell.ts'
import { spellingsOf } from '../dataset/text-cell.ts'

/** What callers read again of their own rows: their digits and their spelling, not the model's. */
export type AsWritten = {
  /** The cell as the caller wrote it; `told` where nothing was written, or where it says something else. */
  readonly cell: (row: number, column: string, told: Cell) => Cell
  /** The words of a term, such as `free prize`, as the text has them first. */
  readonly term: (row: number, column: string, term: string) => string
}

/** A longer text is told by its tokens, which are bounded. */
const mostCharacters = 10_000

const ownCell = (cell: unknown, told: Cell, column: ColumnCodec): Cell => {
  if (told === null || told === undefined) return told
  switch (column.kind) {
    case 'numeric':
    case 'integer': {
      const value = typeof cell === 'string' ? parseNumber(cell.trim(), column.decimal) : cell
      const isSame = typeof value === 'number' && Math.fround(value) === Math.fround(Number(told))
      return isSame ? value : told
    }
    case 'category':
    case 'ordinal':
    case 'text':
      return typeof cell === 'string' && cell.length <= mostCharacters ? cell.toWellFormed().trim() : told
    default:
      return told
  }
}

const readerOf = (rows: Rows, columns: readonly ColumnCodec[]): ((row: number, column: string) => unknown) => {
  if (rows.kind === 'csv') {
    const cells = new Map(rows.table.names.map((name, place) => [name, rows.table.columns[place]]))
    return (row, column) => cells.get(column)?.[row]
  }
  const places = new Map(columns.map(({ name }, place) => [name, place]))
  return (row, column) => {
    const instance = rows.instances[row]
    if (typeof instance !== 'object' || instance === null) return undefined
    if (Array.isArray(instance)) return instance[places.get(column) ?? -1]
    return Object.getOwnPropertyDescriptor(instance, column)?.value
  }
}

/** The spellings of the last text that was asked for: all terms of a text follow one another. */
const rememberingSpellings = (): typeof spellingsOf => {
  let last: { readonly text: string; readonly spellings: ReturnType<typeof spellingsOf> } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, spellings: spellingsOf(text) }
    return last.spellings
  }
}

/** Rows as they came, for what is told of them; of columns that have no codec everything stays as it is told. */
export const asWritten = (rows: Rows, columns: readonly ColumnCodec[]): AsWritten => {
  const read = readerOf(rows, columns)
  const codecs = new Map(columns.map((column) => [column.name, column]))
  const spellingsIn = rememberingSpellings()
  return {
    cell: (row, column, told) => {
      const codec = codecs.get(column)
      return codec ? ownCell(read(row, column), told, codec) : told
    },
    term: (row, column, term) => {
      const codec = codecs.get(column)
      const text = read(row, column)
      if (codec?.kind !== 'text' || codec.tokens !== 'words' || typeof text !== 'string') return term
      const spellings = spellingsIn(text)
      return term
        .split(' ')
        .map((word) => spellings.get(word) ?? word)
        .join(' ')
    },
  }
}
