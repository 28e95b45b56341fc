import type { SparseMatrix } from '../estimators/estimator.ts'
import type { Columns } from './transformer.ts'

/**
 * How much each term says about the targets by itself: n x the squared correlation of having it with each target, summed.
 * For classes, whose targets are 0 and 1 and sum to 1 in a row, that is Pearson's chi-square but for the classes' shares.
 */
export const termScores = ({ rows, columns, starts, places }: SparseMatrix, targets: Columns): Float64Array => {
  const scores = new Float64Array(columns)
  const having = new Float64Array(columns)
  for (const place of places) having[place]! += 1
  for (const target of targets) {
    const mean = target.reduce((sum, value) => sum + value, 0) / rows
    const squares = target.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    if (squares === 0) continue
    const sums = new Float64Array(columns)
    for (let row = 0; row < rows; row++) {
      const above = target[row]! - mean
      for (let at = starts[row]!; at < starts[row + 1]!; at++) sums[places[at]!]! += above
    }
    for (let place = 0; place < columns; place++) {
      const spread = having[place]! * (1 - having[place]! / rows)
      if (spread > 0) scores[place]! += (rows * sums[place]! ** 2) / (spread * squares)
    }
  }
  return scores
}

/** The places of the largest scores, ascending; of equal ones the first. */
export const largestPlaces = (scores: Float64Array, most: number): readonly number[] =>
  Array.from(scores.keys())
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, most)
    .sort((a, b) => a - b)
