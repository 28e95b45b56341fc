import type { Cell } from '../dataset/codec.ts'
import { PercallError } from '../errors.ts'
import type { Signature, TensorSpec } from '../registry/signature.ts'
import type { CsvTable } from './csv-table.ts'

type Columns = Readonly<Record<string, readonly Cell[]>>

/**
 * The cells of a CSV by the names of a model's columns; one that the text lacks is missing in every row.
 * Throws UNKNOWN_COLUMN, which names every column that the model does not know, unless they are ignored, and MISSING_INPUT for
 * a text that has none of the model's.
 */
export const csvColumns = (
  { names, columns, lines }: CsvTable,
  known: readonly string[],
  unknown: 'refuse' | 'ignore',
): Columns => {
  const strangers = unknown === 'refuse' ? names.filter((name) => !known.includes(name)) : []
  if (strangers.length > 0)
    throw new PercallError('UNKNOWN_COLUMN', `csv: expected ${known.join(', ')}, got ${strangers.join(', ')} as well`)
  if (known.length > 0 && !known.some((name) => names.includes(name)))
    throw new PercallError(
      'MISSING_INPUT',
      `csv: expected at least one of the columns ${known.join(', ')}, got ${names.join(', ')}`,
    )
  const byName: Record<string, readonly Cell[]> = Object.create(null)
  const places = new Map(names.map((name, i) => [name, i]))
  const absent = new Array<Cell>(lines.length - 1).fill(null)
  for (const name of known) byName[name] = columns[places.get(name) ?? -1] ?? absent
  return byName
}

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false }

const wholeNumber = /^[+-]?\d+$/

/** A cell in the JSON type of its tensor's datatype; what does not fit stays text, so that the refusal shows it. */
const typed = (datatype: TensorSpec['datatype'], cell: string): unknown => {
  const text = cell.trim()
  if (datatype === 'BYTES') return cell
  if (datatype === 'BOOL') return booleans[text.toLowerCase()] ?? cell
  // Exact beyond 2^53.
  if (datatype.includes('INT64')) return wholeNumber.test(text) ? BigInt(text.replace(/^\+/, '')) : cell
  const value = text === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : cell
}

/** How many values of one row an input takes, where it takes rows of values. */
const widthOf = ({ shape }: TensorSpec): number | undefined => {
  if (shape.length === 1) return 1
  const [, width] = shape
  return shape.length === 2 && width !== undefined && width > 0 ? width : undefined
}

/** The columns of the text that are an input's: of its name, of `name_0`, `name_1`..., or all of them in their order. */
const placesOf = (spec: TensorSpec, only: boolean, names: readonly string[]): readonly number[] => {
  const width = widthOf(spec)
  const own = names.indexOf(spec.name)
  if (width === 1 && own >= 0) return [own]
  const numbered = Array.from({ length: width ?? 0 }, (_, k) => names.indexOf(`${spec.name}_${k}`))
  if (numbered.length > 0 && numbered.every((place) => place >= 0)) return numbered
  if (only && width === names.length && own < 0) return names.map((_, place) => place)
  const expected = width === undefined || width === 1 ? spec.name : `${spec.name}_0 to ${spec.name}_${width - 1}`
  throw new PercallError('MISSING_INPUT', `csv: expected column ${expected}, got ${names.join(', ')}`)
}

/**
 * Instances of a model without a manifest, by input name, in the types that the file declares: a column has an input's
 * name; an input of several values takes `name_0`, `name_1`..., or all columns in their order where it is the only one.
 * Throws MISSING_INPUT, and UNKNOWN_COLUMN unless other columns are ignored.
 */
export const csvInstances = (
  { names, columns, lines }: CsvTable,
  { inputs }: Signature,
  unknown: 'refuse' | 'ignore',
): readonly Readonly<Record<string, unknown>>[] => {
  const required = inputs.filter(({ kind }) => kind !== 'optional')
  const places = required.map((spec) => placesOf(spec, required.length === 1, names))
  const used = new Set(places.flat())
  const strangers = unknown === 'refuse' ? names.filter((_, place) => !used.has(place)) : []
  if (strangers.length > 0) {
    const expected = required.map(({ name }) => name).join(', ')
    throw new PercallError('UNKNOWN_COLUMN', `csv: expected ${expected}, got ${strangers.join(', ')} as well`)
  }
  return Array.from({ length: lines.length - 1 }, (_, row) => {
    const instance: Record<string, unknown> = Object.create(null)
    required.forEach(({ name, datatype, shape }, i) => {
      const cells = places[i]!.map((place) => typed(datatype, columns[place]![row]!))
      instance[name] = shape.length === 1 || cells.length === 1 ? cells[0] : cells
    })
    return instance
  })
}
