import type { Tensor } from '../tensor/tensor.ts'
import { type ExplainedColumn, joinedCharacters } from './columns.ts'
import type { ScoreValues } from './exact-score.ts'
import type { FeatureContribution } from './explanation.ts'

const mostParts = 20

/**
 * Whether the row has what a feature is named after: its own level, the rare one, or a term of its text. Other levels and
 * terms are other people's words. Features of neither form say nothing of anyone else.
 */
const isThere = ({ name, codec }: ExplainedColumn, feature: string, value: string): boolean => {
  if (feature.startsWith(`${name}=`)) {
    const level = feature.slice(name.length + 1)
    return level === value || level === '(rare)'
  }
  if (!feature.startsWith(`${name}~`)) return true
  const term = feature.slice(name.length + 1)
  return codec?.kind === 'text' && codec.tokens === 'characters'
    ? joinedCharacters(value).includes(term.replaceAll('\u2423', ' '))
    : ` ${value} `.includes(` ${term} `)
}

/**
 * The encoded features of a column that say something, where it has several; those that the row lacks are one part. `row`:
 * its place in the inputs, `at`: in the values.
 */
export const partsOf = (
  { features }: Pick<ScoreValues, 'features'>,
  column: ExplainedColumn,
  number: number,
  inputs: readonly Tensor[],
  { row, at }: { readonly row: number; readonly at: number },
): { parts?: readonly FeatureContribution[] } => {
  const value = String(inputs[column.tensor]!.data[row * column.width + column.place])
  const seen = new Set<string>()
  const sums = new Map<string, number>()
  for (const { names, columnOf, values } of features)
    for (const [f, name] of names.entries()) {
      if (columnOf[f] !== number) continue
      seen.add(name)
      const own = values[at * names.length + f]!
      if (own === 0) continue
      const told = isThere(column, name, value) ? name : `${column.name} (what it lacks)`
      sums.set(told, (sums.get(told) ?? 0) + own)
    }
  if (seen.size < 2) return {}
  const parts = [...sums]
    .filter(([, contribution]) => contribution !== 0)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .slice(0, mostParts)
  return { parts: parts.map(([feature, contribution]) => ({ feature, contribution })) }
}
