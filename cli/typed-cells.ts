import type { TensorBody } from '../client/bodies.ts'
import type { CsvRow } from './csv.ts'

export type TypedRow = Readonly<Record<string, string | number | boolean | null>>

type TypedCell = string | number | boolean | null
type ReadCell = (text: string) => TypedCell

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false }

const readerOf = (datatype: string): ReadCell => {
  if (datatype === 'BOOL') return (text) => booleans[text.trim().toLowerCase()] ?? text
  if (!/^(FP|BF|U?INT)\d+$/.test(datatype)) return (text) => text
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    // What is no number travels as it is, so that the service's refusal shows it.
    return Number.isFinite(value) ? value : text
  }
}

/**
 * Rows of text -> rows in the JSON types of the declared inputs, for models that say nothing but their tensors.
 * A column that is no input stays text.
 */
export const typedCells = (inputs: readonly TensorBody[], rows: readonly CsvRow[]): readonly TypedRow[] => {
  const readers = new Map(inputs.map(({ name, datatype }) => [name, readerOf(datatype)]))
  const typed = (name: string, cell: string | null): TypedCell =>
    cell === null ? null : (readers.get(name)?.(cell) ?? cell)
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, typed(name, cell)])))
}
