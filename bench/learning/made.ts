import type { TrainingData } from '../../src/estimators/estimator.ts'
import { createRandom } from '../../src/random.ts'

/** Sum of 12 uniform numbers less 6: near to normal, with deviation 1. */
const normal = (random: () => number): number => {
  let sum = -6
  for (let i = 0; i < 12; i++) sum += random()
  return sum
}

/**
 * Standard normal features of which neighbours are correlated, and what hangs on them with noise: numbers with a bend in
 * the first ones, or classes.
 */
export const madeTable = (rows: number, columns: number, classes?: number): TrainingData => {
  const random = createRandom(17)
  const values = new Float64Array(rows * columns)
  const outputs = classes === undefined || classes === 2 ? 1 : classes
  const slopes = Float64Array.from({ length: outputs * columns }, () => normal(random) / Math.sqrt(columns))
  const y = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns)
    for (let j = 0; j < columns; j++) row[j] = 0.8 * normal(random) + 0.6 * (j === 0 ? normal(random) : row[j - 1]!)
    const scores = Array.from({ length: outputs }, (_, k) =>
      row.reduce((sum, x, j) => sum + 2 * x * slopes[k * columns + j]!, normal(random)),
    )
    if (classes === undefined) y[i] = scores[0]! + Math.sin(2 * row[0]!) + row[1]! * row[2]!
    else y[i] = classes === 2 ? Number(scores[0]! > 0) : scores.indexOf(Math.max(...scores))
  }
  return { X: { rows, columns, values }, y, ...(classes !== undefined && { classes }) }
}
