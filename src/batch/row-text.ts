import { PercallError } from '../errors.ts'
import type { Label, TabularManifest } from '../registry/manifest.ts'
import type { Signature, TensorSpec } from '../registry/signature.ts'

type TableCell = string | number | boolean | null

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Whether an input takes one text a row; a wider one takes an array of them. */
const isColumn = ({ shape }: TensorSpec): boolean => shape.length < 2 || (shape.length === 2 && shape[1] === 1)

/** A cell of a table in the JSON that an input of a raw model takes: `1.5`, `[1,2]` and `true` as they stand, text quoted. */
const rawCell = (spec: TensorSpec, cell: TableCell): string => {
  if (typeof cell !== 'string') return JSON.stringify(cell)
  const text = cell.trim()
  const isText = spec.datatype === 'BYTES' && isColumn(spec)
  // The literal itself is passed on: no digit of an INT64 is lost.
  return !isText && isJson(text) ? text : JSON.stringify(cell)
}

/** How the cells of a table become the JSON text of one instance, the same for every row. */
export const instanceWriter = (
  columns: readonly string[],
  { signature, manifest }: { readonly signature: Signature; readonly manifest?: TabularManifest },
): ((cells: readonly TableCell[]) => string) => {
  const specs = new Map(manifest ? [] : signature.inputs.map((spec) => [spec.name, spec]))
  const names = columns.map((name) => JSON.stringify(name))
  return (cells) => {
    const members = cells.flatMap((cell, place) => {
      const spec = specs.get(columns[place] ?? '')
      // An empty cell is a missing value; a trained model refuses a row that has none of its columns at all.
      return cell === null && !manifest ? [] : [`${names[place]}:${spec ? rawCell(spec, cell) : JSON.stringify(cell)}`]
    })
    return `{${members.join(',')}}`
  }
}

/** Names of the columns that rows of this model have. */
const knownNames = (signature: Signature, manifest: TabularManifest | undefined): readonly string[] =>
  manifest ? manifest.codec.columns.map(({ name }) => name) : signature.inputs.map(({ name }) => name)

/** What a result has besides its predictions. */
export type ResultShape = { readonly classes?: readonly Label[]; readonly interval?: true }

export const resultShape = (manifest: TabularManifest | undefined): ResultShape => ({
  ...(manifest?.classes && { classes: manifest.classes }),
  ...(manifest && 'interval' in manifest.outputs && { interval: true }),
})

/** Names that a result adds to the columns of its input. */
export const resultNames = ({ classes = [], interval }: ResultShape): readonly string[] => [
  'prediction',
  ...(interval ? ['interval_low', 'interval_high'] : []),
  ...classes.map((label) => `probability_${label}`),
]

/**
 * What every row of a table would be refused for, said once for the file, before anything runs.
 * Throws UNKNOWN_COLUMN, MISSING_INPUT, BAD_TABLE.
 */
export const checkColumns = (
  columns: readonly string[],
  { signature, manifest }: { readonly signature: Signature; readonly manifest?: TabularManifest },
  unknown: 'refuse' | 'ignore',
): void => {
  const known = knownNames(signature, manifest)
  const strangers = columns.filter((name) => !known.includes(name))
  if (unknown === 'refuse' && strangers.length > 0)
    throw new PercallError(
      'UNKNOWN_COLUMN',
      `file: expected the columns ${known.join(', ')}, got ${strangers.join(', ')} as well`,
    )
  if (known.length > 0 && !known.some((name) => columns.includes(name)))
    throw new PercallError(
      'BAD_TABLE',
      `file: expected at least one of the columns ${known.join(', ')}, got ${columns.join(', ')}`,
    )
  const absent = manifest
    ? []
    : signature.inputs.filter(({ name, kind }) => kind !== 'optional' && !columns.includes(name))
  if (absent.length > 0)
    throw new PercallError(
      'MISSING_INPUT',
      `file: expected the columns ${known.join(', ')}, got none for ${absent.map(({ name }) => name).join(', ')}`,
    )
  const taken = resultNames(resultShape(manifest)).find((name) => columns.includes(name))
  if (taken !== undefined)
    throw new PercallError('BAD_TABLE', `column ${taken}: the result has a column of this name; expected another name`)
}
