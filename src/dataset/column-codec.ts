import * as z from 'zod'

/** A raw cell of a caller's row or of a file: JSON's scalars; null and undefined are missing. */
export type Cell = string | number | boolean | null | undefined

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
      kind: z.literal('ordinal'),
      datatype: z.literal('BYTES'),
      /** From the lowest to the highest, spelt as `case` and `numbers` leave them. */
      levels: z.array(z.string()).readonly(),
      case: z.enum(['keep', 'lower']),
      numbers: z.enum(['keep', 'canonical']),
    }),
    z.object({
      ...columnBase,
      kind: z.literal('text'),
      datatype: z.literal('BYTES'),
      /** What one blank joins: words, or single characters for names, codes and languages without blanks. */
      tokens: z.enum(['words', 'characters']),
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

export type ColumnCodec = z.infer<typeof columnCodecSchema>
export type ColumnKind = ColumnCodec['kind']

export const columnKindSchema = z.enum([
  'numeric',
  'integer',
  'boolean',
  'category',
  'ordinal',
  'text',
  'date',
]) satisfies z.ZodType<ColumnKind>

/** What a missing date or whole number becomes in an INT64 input: the lowest value, -2^63. */
export const missingInt64 = -(2n ** 63n)
