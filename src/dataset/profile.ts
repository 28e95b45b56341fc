import type { Cell, Codec, ColumnCodec, ColumnKind } from './codec.ts'

/** A file as read: names and cells by column, text or JSON scalars, all columns of one length. */
export type Table = { readonly names: readonly string[]; readonly columns: readonly (readonly Cell[])[] }

/** What the owner says about a column; `format` is a date pattern, or `decimal-comma` for numbers. */
export type ColumnOverride = { readonly kind?: ColumnKind; readonly format?: string; readonly drop?: boolean }

export type ColumnProfile = {
  readonly name: string
  readonly kind: ColumnKind | 'identifier' | 'constant'
  /** How its cells are read; absent when nothing but missing cells came. */
  readonly codec?: ColumnCodec
  /** Absent when the column is an input candidate, else why it is left out. */
  readonly leftOut?: 'identifier' | 'constant' | 'dropped'
  readonly missing: number
  readonly distinct: number
  readonly range?: { readonly lowest: number; readonly highest: number }
}

export type Profile = { readonly rows: number; readonly columns: readonly ColumnProfile[] }

/** Kinds, formats, missing and distinct counts of each column. Throws BAD_TABLE (no rows, no columns, ambiguous dates), UNKNOWN_COLUMN (overrides). */
export declare const profileTable: (table: Table, overrides?: Readonly<Record<string, ColumnOverride>>) => Profile

/** The codec of a model that predicts `target` from all columns that are not left out. Throws UNKNOWN_TARGET, BAD_TABLE (no input left). */
export declare const decideCodec: (profile: Profile, target: string) => Codec
