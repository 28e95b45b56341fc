import { PercallError } from '../errors.ts'
import { encodeColumn, firstMisfit } from './codec.ts'
import { pickRows } from './column.ts'
import { missingNumberSpellings } from './missing-spellings.ts'
import { rowPlace, type Table } from './table.ts'

/** The weight of each of `rows`, from a column of numbers. Throws UNKNOWN_COLUMN, BAD_TABLE: missing, negative, or all 0. */
export const rowWeights = (table: Table, rows: Uint32Array, name: string): Float64Array => {
  const column = table.columns[table.names.indexOf(name)]
  if (column === undefined)
    throw new PercallError('UNKNOWN_COLUMN', `weight: expected one of ${table.names.join(', ')}, got ${name}`)
  const codec = { kind: 'numeric', name, missing: missingNumberSpellings, datatype: 'FP64', decimal: '.' } as const
  const picked = pickRows(column, rows)
  const refuse = (row: number, got: unknown): PercallError =>
    new PercallError(
      'BAD_TABLE',
      `${rowPlace(table)(rows[row]!)}, column ${name}: expected a weight of 0 or more, got ${got}`,
    )
  const found = firstMisfit(codec, picked)
  if ('row' in found) throw refuse(found.row, JSON.stringify(found.got))
  const weights = encodeColumn(codec, picked) as Float64Array // FP64
  const odd = weights.findIndex((weight) => !(weight >= 0))
  if (odd >= 0) throw refuse(odd, Number.isNaN(weights[odd]) ? 'a missing one' : weights[odd])
  if (weights.every((weight) => weight === 0))
    throw new PercallError('BAD_TABLE', `column ${name}: expected a weight above 0, got none`)
  return weights
}
