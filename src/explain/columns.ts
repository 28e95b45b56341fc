import { type Cell, type ColumnCodec, missingInt64 } from '../dataset/column-codec.ts'
import { PercallError } from '../errors.ts'
import type { TabularManifest } from '../registry/manifest.ts'
import type { Signature } from '../registry/signature.ts'
import { shortestFloat32 } from '../tensor/shortest-float32.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** One player: a raw column of a manifest's codec, or one place of an input of a raw graph. */
export type ExplainedColumn = {
  readonly name: string
  /** Number of its tensor, its place in a row of it, and how many places such a row has. */
  readonly tensor: number
  readonly place: number
  readonly width: number
  readonly codec?: ColumnCodec
}

/** The columns of these rows: one for each of the codec's, else for each place of each input. Throws BAD_REQUEST. */
export const explainedColumns = (
  manifest: TabularManifest | undefined,
  signature: Signature,
  inputs: readonly Tensor[],
): readonly ExplainedColumn[] => {
  const rows = rowsOf(inputs)
  if (manifest !== undefined)
    return manifest.codec.columns.map((codec, tensor) => ({ name: codec.name, tensor, place: 0, width: 1, codec }))
  return inputs.flatMap(({ name, data }, tensor) => {
    const spec = signature.inputs.find((input) => input.name === name)
    if (spec === undefined) throw new PercallError('BAD_REQUEST', `input ${name}: expected an input of the model`)
    const width = data.length / rows
    return Array.from({ length: width }, (_, place) => ({
      name: width === 1 ? name : `${name}[${place}]`,
      ...{ tensor, place, width },
    }))
  })
}

/** Rows of these tensors. Throws BAD_REQUEST where they have none, or not all the same number. */
export const rowsOf = (inputs: readonly Tensor[]): number => {
  const rows = inputs[0]?.shape[0] ?? 0
  const odd = inputs.find(({ shape }) => shape[0] !== rows)
  if (odd !== undefined)
    throw new PercallError('BAD_REQUEST', `input ${odd.name}: expected ${rows} rows, got ${odd.shape[0]}`)
  if (rows === 0) throw new PercallError('BAD_REQUEST', 'rows: expected at least one to explain, got none')
  return rows
}

/** What a row has in a column, as its owner would write it. */
export const cellOf = (
  { tensor, place, width, codec }: ExplainedColumn,
  inputs: readonly Tensor[],
  row: number,
): Cell => {
  const { data, datatype } = inputs[tensor]!
  const value = data[row * width + place]!
  if (typeof value === 'string') return value === '' ? null : shownText(value, codec)
  if (typeof value === 'bigint') return wholeCell(value, codec)
  if (Number.isNaN(value)) return null
  if (codec?.kind === 'boolean') return value === 1
  return datatype === 'FP32' && Number.isFinite(value) ? shortestFloat32(value) : value
}

/** Single characters are joined again; U+2423 stands for a blank among them. */
const shownText = (text: string, codec: ColumnCodec | undefined): string =>
  codec?.kind === 'text' && codec.tokens === 'characters' ? joinedCharacters(text) : text

export const joinedCharacters = (text: string): string => text.split(' ').join('').replaceAll('\u2423', ' ')

const wholeCell = (value: bigint, codec: ColumnCodec | undefined): Cell => {
  if (codec !== undefined && value === missingInt64) return null
  return codec?.kind === 'date' ? dateText(Number(value)) : Number(value)
}

const secondsOfDay = 86_400

/** A whole day without its time. Dates beyond those of ECMAScript are left as seconds. */
const dateText = (seconds: number): Cell => {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return seconds
  const text = date.toISOString()
  return seconds % secondsOfDay === 0 ? text.slice(0, 'YYYY-MM-DD'.length) : text.replace('.000Z', 'Z')
}

/** Each encoded feature's column, by the raw columns that features come from. */
export const columnsOfFeatures = (columns: readonly ExplainedColumn[], sources: readonly string[]): Int32Array => {
  const places = new Map(columns.map(({ name }, place) => [name, place]))
  return Int32Array.from(sources, (source) => places.get(source)!) // a pipeline's features come from its codec's columns
}
