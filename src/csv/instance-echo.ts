import { PercallError } from '../errors.ts'
import { csvCell, type Echo } from './csv-answer.ts'

const delimiter = ','

const jsonText = (value: unknown, row: number): string => {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    throw new PercallError('BAD_REQUEST', `instance ${row}: expected values that nest less deep`, { cause })
  }
}

const cellText = (value: unknown, row: number): string => {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? jsonText(value, row) : String(value)
}

type Entries = ReadonlyMap<string, unknown>

/** An instance by column: an object by its own keys, an array in the order of the columns, a bare value as the only one. */
const entriesOf = (instance: unknown, names: readonly string[]): Entries => {
  if (Array.isArray(instance) && names.length > 1) return new Map(names.map((name, i) => [name, instance[i]]))
  if (typeof instance === 'object' && instance !== null && !Array.isArray(instance))
    return new Map(Object.entries(instance))
  return new Map([[names[0] ?? 'value', instance]])
}

/** Instances as lines of CSV: the model's columns first, then those that it does not know, each where it first comes. */
export const echoInstances = (instances: readonly unknown[], columns: readonly string[]): Echo => {
  const rows = instances.map((instance) => entriesOf(instance, columns))
  const names = [...new Set([...columns, ...rows.flatMap((row) => [...row.keys()])])]
  const lineOf = (cells: readonly string[]): string => cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)
  const lines = rows.map((row, i) => lineOf(names.map((name) => cellText(row.get(name), i))))
  return { names, lines: [lineOf(names), ...lines], delimiter, lineBreak: '\n', prefix: '', closed: true }
}
