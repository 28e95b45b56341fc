import { z } from 'zod'
import type { Tensor, TensorData } from '../tensor/tensor.ts'

/** A raw cell of a caller's row or of a file: JSON's scalars; null and undefined are missing. */
export type Cell = string | number | boolean | null | undefined

/** An instance: an object by column name, or an array in the codec's column order. */
export type Row = Readonly<Record<string, Cell>> | readonly Cell[]

const columnBase = {
  /** The raw column's name, which is also the graph input's name. */
  name: z.string(),
  /** Spellings of a missing value, compared after trimming; the empty text, null and undefined are always missing. */
  missing: z.array(z.string()).readonly(),
}

/** How one raw column becomes one graph input [n, 1]. */
export const columnCodecSchema = z
  .discriminatedUnion('kind', [
    z.object({
      ...columnBase,
      kind: z.enum(['numeric', 'integer']),
      datatype: z.enum(['FP32', 'FP64', 'INT64']),
      decimal: z.enum(['.', ',']),
    }),
    z.object({
      ...columnBase,
      kind: z.literal('boolean'),
      datatype: z.literal('FP32'),
      /** Spellings, lower case. */
      true: z.array(z.string()).readonly(),
      false: z.array(z.string()).readonly(),
    }),
    z.object({
      ...columnBase,
      kind: z.literal('category'),
      datatype: z.literal('BYTES'),
      case: z.enum(['keep', 'lower']),
      /** `canonical`: `2007`, `2007.0` and the number 2007 are one level; `keep`: text stays as it is (`007`). */
      numbers: z.enum(['keep', 'canonical']),
    }),
    z.object({
      ...columnBase,
      kind: z.literal('date'),
      datatype: z.literal('INT64'),
      /** `ISO` or a pattern of YYYY, MM, DD, HH, mm, ss, such as `DD/MM/YYYY`. */
      format: z.string(),
      /** Zone of dates that name none. */
      zone: z.literal('UTC'),
    }),
  ])
  .readonly()

/** All that turns a row into the graph's inputs; nothing in it is fitted. */
export const codecSchema = z
  .object({ codecVersion: z.literal(1), columns: z.array(columnCodecSchema).readonly() })
  .readonly()

export type ColumnCodec = z.infer<typeof columnCodecSchema>
export type ColumnKind = ColumnCodec['kind']
export type Codec = z.infer<typeof codecSchema>

/** What a missing date or whole number becomes in an INT64 input: the lowest value, -2^63. */
export const missingInt64 = -(2n ** 63n)

/** Whether a column outside the codec is an error or dropped. */
export type UnknownColumns = { readonly unknown: 'refuse' | 'ignore' }

/** Rows -> one tensor [n, 1] per codec column, in its order. Throws UNKNOWN_COLUMN, BAD_CELL, BAD_REQUEST. */
export declare const rowsToTensors: (codec: Codec, rows: readonly Row[], options: UnknownColumns) => readonly Tensor[]

/** Whole columns by name -> one tensor [n, 1] per codec column. Throws UNKNOWN_COLUMN for an absent one, BAD_CELL. */
export declare const columnsToTensors: (
  codec: Codec,
  columns: Readonly<Record<string, readonly Cell[]>>,
) => readonly Tensor[]

/** The cells of one column -> the data of its input [n, 1]. Missing: NaN, missingInt64 or ''. Throws BAD_CELL. */
export declare const encodeColumn: (column: ColumnCodec, cells: readonly Cell[]) => TensorData
