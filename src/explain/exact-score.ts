import type { Features } from '../estimators/estimator.ts'
import type { ExplainTree } from './explain-tree.ts'
import { interventionalInteractions, interventionalValues, type Players, treesSums } from './interventional.ts'
import { linearBase, linearValues } from './linear-values.ts'
import { expectedByCover, pathDependentInteractions, pathDependentValues } from './path-dependent.ts'

/** One summand of a score: `weight` times trees, or a linear margin, of features [rows, p] of the rows and the background. */
export type ScorePart = {
  readonly weight: number
  readonly X: Features
  readonly background: Features
  /** Each feature's name, and the number of its column. */
  readonly names?: readonly string[]
  readonly columnOf: Int32Array
} & (
  | { readonly kind: 'trees'; readonly trees: readonly ExplainTree[] }
  | { readonly kind: 'linear'; readonly coefficients: readonly number[]; readonly intercept: number }
)

/** A sum of parts and a constant. */
export type Score = { readonly base: number; readonly parts: readonly ScorePart[] }

/** What explains a score's rows; base + a row's values = its prediction. */
export type ScoreValues = {
  readonly base: number
  /** [rows] */
  readonly predictions: Float64Array
  /** [rows, columns] */
  readonly values: Float64Array
  /** Of each part whose features have values of their own [rows, features]. */
  readonly features: readonly {
    readonly names: readonly string[]
    readonly columnOf: Int32Array
    readonly values: Float64Array
  }[]
  /** Off the diagonal half of each interaction, on it what is left of the column's value [rows, columns, columns]. */
  readonly pairs?: Float64Array
}

type Question = {
  readonly rows: number
  readonly columns: number
  /** Of the background's rows, sum 1. */
  readonly weights: Float64Array
  readonly by: 'background' | 'cover'
  readonly interactions: boolean
}

/** Interventional values of all parts on one background, which may be added; or path-dependent ones of trees by cover. */
export const explainScore = ({ base, parts }: Score, question: Question): ScoreValues => {
  const { rows, columns } = question
  const values = new Float64Array(rows * columns)
  const predictions = new Float64Array(rows).fill(base)
  const features: ScoreValues['features'][number][] = []
  let expected = base
  for (const part of parts) {
    const own = explainPart(part, question)
    expected += part.weight * own.base
    addWeighted(part.weight, own.predictions, predictions)
    if (own.byColumn) addWeighted(part.weight, own.byColumn, values)
    if (own.byFeature) {
      const weighted = own.byFeature.map((value) => part.weight * value)
      addByColumn(weighted, part.columnOf, rows, columns, values)
      if (part.names) features.push({ names: part.names, columnOf: part.columnOf, values: weighted })
    }
  }
  const common = { base: expected, predictions, values, features }
  return question.interactions ? { ...common, pairs: pairsOf(parts, question, values) } : common
}

type PartValues = {
  readonly base: number
  readonly predictions: Float64Array
  readonly byFeature?: Float64Array
  readonly byColumn?: Float64Array
}

const explainPart = (part: ScorePart, { columns, weights, by }: Question): PartValues => {
  const { X, background, columnOf } = part
  if (part.kind === 'linear') {
    const { coefficients, intercept } = part
    const byFeature = linearValues(coefficients, X, background, weights)
    const base = linearBase(coefficients, intercept, background, weights)
    // w x + b = base + the sum of the values, by their definition.
    const predictions = Float64Array.from({ length: X.rows }, (_, row) =>
      byFeature
        .subarray(row * coefficients.length, (row + 1) * coefficients.length)
        .reduce((sum, value) => sum + value, base),
    )
    return { base, predictions, byFeature }
  }
  const predictions = treesSums(part.trees, X)
  if (by === 'cover')
    return { base: expectedByCover(part.trees), predictions, byFeature: pathDependentValues(part.trees, X) }
  const base = treesSums(part.trees, background).reduce((sum, value, row) => sum + weights[row]! * value, 0)
  const byColumn = interventionalValues(part.trees, X, { X: background, weights }, { columns, columnOf })
  return { base, predictions, byColumn }
}

const addWeighted = (weight: number, values: Float64Array, into: Float64Array): void => {
  for (let at = 0; at < values.length; at++) into[at]! += weight * values[at]!
}

const addByColumn = (
  byFeature: Float64Array,
  columnOf: Int32Array,
  rows: number,
  columns: number,
  into: Float64Array,
): void => {
  const features = columnOf.length
  for (let row = 0; row < rows; row++)
    for (let f = 0; f < features; f++) into[row * columns + columnOf[f]!]! += byFeature[row * features + f]!
}

const pairsOf = (parts: readonly ScorePart[], question: Question, values: Float64Array): Float64Array => {
  const { rows, columns, weights, by } = question
  const pairs = new Float64Array(rows * columns * columns)
  for (const part of parts) {
    // Columns of a linear margin do not interact.
    if (part.kind === 'linear') continue
    const players: Players = { columns, columnOf: part.columnOf }
    const own =
      by === 'cover'
        ? pathDependentInteractions(part.trees, part.X, players)
        : interventionalInteractions(part.trees, part.X, { X: part.background, weights }, players)
    addWeighted(part.weight, own, pairs)
  }
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < columns; i++) {
      const from = (row * columns + i) * columns
      const others = pairs.subarray(from, from + columns).reduce((sum, value) => sum + value, 0)
      pairs[from + i] = values[row * columns + i]! - others
    }
  return pairs
}
