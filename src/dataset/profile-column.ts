import { PercallError } from '../errors.ts'
import { type ColumnCodec, type ColumnKind, firstMisfit, missingInt64 } from './codec.ts'
import { type Column, columnLength } from './column.ts'
import { inferColumn, type Surroundings } from './infer.ts'
import { shown } from './infer-kind.ts'
import { type CellCounts, leftOutNotice, oddKind, writtenNumberNotice } from './left-out.ts'
import { distinctValues } from './number-type.ts'
import type { PersonalData } from './personal-data.ts'

/** What the owner says about a column; `format` is a date pattern, or `decimal-comma` for numbers. */
export type ColumnOverride = { readonly kind?: ColumnKind; readonly format?: string; readonly drop?: boolean }

/** Why a column is no input. */
export type LeftOut = 'identifier' | 'constant' | 'dropped' | 'leak'

export type ColumnProfile = {
  readonly name: string
  readonly kind: ColumnKind | 'identifier' | 'constant'
  /** How its cells are read; absent when nothing but missing cells came. */
  readonly codec?: ColumnCodec
  /** How sure the kind is, 0 to 1: see inferKind. 1 where it was given. */
  readonly confidence: number
  /** Absent when the column is an input candidate, else why it is left out. */
  readonly leftOut?: LeftOut
  /** What the owner should know of it: that it is left out although nobody asked, or not read as numbers. */
  readonly notice?: string
  /** What personal data its cells look like. */
  readonly personal?: PersonalData
  readonly missing: number
  readonly distinct: number
  /** Of numbers, and of dates in epoch seconds. */
  readonly range?: { readonly lowest: number; readonly highest: number }
}

type Said = ColumnOverride & {
  readonly isTarget?: boolean
  /** How the live version reads the column. */
  readonly earlier?: ColumnCodec | undefined
}

/** Kind, format and counts of one column. Throws BAD_TABLE, BAD_RUN. */
export const profileColumn = (name: string, column: Column, said: Said, surroundings: Surroundings): ColumnProfile => {
  try {
    return profileRead(name, column, said, surroundings)
  } catch (thrown) {
    // A column that is dropped may be as odd as it likes.
    if (!said.drop || !(thrown instanceof PercallError) || thrown.code !== 'BAD_TABLE') throw thrown
    return { name, kind: 'category', confidence: 0, leftOut: 'dropped', missing: 0, distinct: 0 }
  }
}

const profileRead = (name: string, column: Column, said: Said, surroundings: Surroundings): ColumnProfile => {
  const kept = said.drop || said.kind !== undefined || said.format !== undefined ? undefined : said.earlier
  const inferred = kept ? { codec: kept, confidence: 1 } : inferColumn(name, column, said, surroundings)
  const codec = inferred?.codec
  const rows = columnLength(column)
  const counts =
    codec === undefined
      ? { rows, missing: rows, distinct: 0 }
      : { rows, ...summary(codec, column, surroundings, kept !== undefined) }
  const odd = codec === undefined ? 'constant' : said.kind === undefined && !kept ? oddKind(codec, counts) : undefined
  const leftOut = said.drop ? ('dropped' as const) : odd
  const { missing, distinct, range } = counts
  const notice = noticeOf(name, column, codec, said, odd, counts)
  return {
    name,
    kind: odd ?? codec!.kind, // without a codec it is odd
    ...(codec && { codec }),
    confidence: inferred?.confidence ?? 1,
    ...(leftOut && { leftOut }),
    ...(notice !== undefined && { notice }),
    missing,
    distinct,
    ...(range && { range }),
  }
}

const noticeOf = (
  name: string,
  column: Column,
  codec: ColumnCodec | undefined,
  { kind, drop }: Said,
  odd: 'constant' | 'identifier' | undefined,
  counts: CellCounts,
): string | undefined => {
  if (drop || kind !== undefined) return undefined
  const written = codec?.kind === 'category' ? writtenNumberNotice(name, column, codec.missing) : undefined
  if (written === undefined) return odd && leftOutNotice(name, codec, odd, counts)
  return odd === undefined ? written : `${written}; until then it is left out`
}

const summary = (
  codec: ColumnCodec,
  column: Column,
  { place }: Surroundings,
  isEarlier: boolean,
): Omit<CellCounts, 'rows'> => {
  const found = firstMisfit(codec, column)
  if ('row' in found)
    throw new PercallError(
      'BAD_TABLE',
      `${place(found.row)}, column ${codec.name}: expected ${found.expected}${isEarlier ? ', as the live version reads it' : ''}, got ${shown(String(found.got))}`,
    )
  const { data } = found
  if (data instanceof Float32Array || data instanceof Float64Array) return ofNumbers(codec, data)
  const seen = new Set<unknown>()
  let missing = 0
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const element of data) {
    if (element === '' || element === missingInt64) {
      missing += 1
      continue
    }
    seen.add(element)
    if (typeof element === 'string') continue
    lowest = Math.min(lowest, Number(element))
    highest = Math.max(highest, Number(element))
  }
  return { missing, distinct: seen.size, ...(lowest <= highest && { range: { lowest, highest } }) }
}

const ofNumbers = (codec: ColumnCodec, data: Float32Array | Float64Array): Omit<CellCounts, 'rows'> => {
  const values = Float64Array.from(data)
  const distinct = distinctValues(values)
  const missing = values.reduce((sum, value) => (Number.isNaN(value) ? sum + 1 : sum), 0)
  const [lowest, highest] = [distinct[0], distinct.at(-1)]
  const hasRange = codec.kind !== 'boolean' && lowest !== undefined && highest !== undefined
  return { missing, distinct: distinct.length, ...(hasRange && { range: { lowest, highest } }) }
}
