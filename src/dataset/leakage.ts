import { shellWord } from '../shell-word.ts'
import { encodeColumn } from './codec.ts'
import { pickRows } from './column.ts'
import { missingInt64 } from './column-codec.ts'
import type { ColumnProfile, Profile } from './profile.ts'
import { type LeakTarget, quantileBins, singleColumnScore } from './single-column-score.ts'
import type { Table } from './table.ts'

/** A column that predicts the target alone: R2, ROC AUC or the share of right classes on held rows. */
export type Leak = { readonly name: string; readonly score: number; readonly measure: 'R2' | 'ROC AUC' | 'accuracy' }

/** Fewer rows prove nothing. */
const leastRows = 50
/** As many rows as are looked at: the error of a score of .99 is below .002. */
const mostRows = 20_000
/**
 * From here on a column is named. The best single column of breast_cancer has an AUC of .975, of iris an accuracy of .953
 * (scikit-learn 1.2, all rows and ten folds).
 */
const leakScore = 0.99
/** More distinct values than this share of the rows are not compared with classes: each would be seen once. */
const mostLevelShare = 0.5

/** Columns that equal or predict the target alone, so that they are not known before it is. Targets of 50 rows and more. */
export const leaksOf = (
  table: Table,
  { columns }: Profile,
  rows: Uint32Array,
  target: LeakTarget,
  targetName: string,
): readonly Leak[] => {
  if (rows.length < leastRows) return []
  const step = Math.ceil(rows.length / mostRows)
  const places = new Uint32Array(rows.keys().filter((at) => at % step === 0))
  const y = Float64Array.from(places, (at) => target.y[at]!)
  const looked = Uint32Array.from(places, (at) => rows[at]!)
  const measure = target.classes === null ? 'R2' : target.classes === 2 ? 'ROC AUC' : 'accuracy'
  return columns.flatMap((column) => {
    if (column.name === targetName || column.leftOut !== undefined) return []
    const score = scoreOf(table, column, looked, { y, classes: target.classes })
    return score !== undefined && score >= leakScore ? [{ name: column.name, score, measure }] : []
  })
}

const scoreOf = (
  table: Table,
  { name, codec }: ColumnProfile,
  rows: Uint32Array,
  target: LeakTarget,
): number | undefined => {
  if (codec === undefined || codec.kind === 'text') return undefined
  const data = encodeColumn(codec, pickRows(table.columns[table.names.indexOf(name)]!, rows))
  if (!ArrayBuffer.isView(data)) {
    const numbers = new Map<unknown, number>()
    const cells = Uint32Array.from(data, (text) => {
      const number = numbers.get(text) ?? numbers.size
      numbers.set(text, number)
      return number
    })
    return numbers.size > mostLevelShare * rows.length ? undefined : singleColumnScore(cells, target)
  }
  const values = Float64Array.from(data, (value: number | bigint) =>
    value === missingInt64 ? Number.NaN : Number(value),
  )
  return singleColumnScore(quantileBins(values), target, values)
}

/** What the owner should know of a suspect, and how to keep it. */
export const leakNotice = (
  { name, score, measure }: Leak,
  target: string,
  kind: string,
  isLeftOut: boolean,
): string => {
  const found = `it predicts ${target} alone (${measure} ${score.toFixed(4)} on held rows), as a copy of it would`
  return isLeftOut
    ? `column ${name}: left out as a leak: ${found}; --type ${shellWord(`${name}=${kind}`)} keeps it`
    : `column ${name}: may be a leak: ${found}; --drop ${shellWord(name)} leaves it out`
}
