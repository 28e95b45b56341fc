import type { Features, TrainingData } from '../estimator.ts'

/** The rows whose weight is above 0: others count neither for bins nor for the rows of a leaf. */
export const weighedRows = (data: TrainingData): TrainingData => {
  const { weights, y, X } = data
  if (weights === undefined || weights.every((weight) => weight > 0)) return data
  const rows = Uint32Array.from(weights.keys().filter((row) => weights[row]! > 0))
  return {
    ...data,
    X: rowsOf(X, rows),
    y: Float64Array.from(rows, (row) => y[row]!),
    weights: Float64Array.from(rows, (row) => weights[row]!),
  }
}

const rowsOf = (X: Features, rows: Uint32Array): Features => {
  const values = new Float64Array(rows.length * X.columns)
  rows.forEach((row, i) => {
    values.set(X.values.subarray(row * X.columns, (row + 1) * X.columns), i * X.columns)
  })
  const dense = { ...X, rows: rows.length, values }
  if (X.sparse === undefined) return dense
  const { starts, places, values: terms, columns } = X.sparse
  const newStarts = new Uint32Array(rows.length + 1)
  rows.forEach((row, i) => {
    newStarts[i + 1] = newStarts[i]! + starts[row + 1]! - starts[row]!
  })
  const newPlaces = new Uint32Array(newStarts.at(-1)!)
  const newTerms = new Float64Array(newStarts.at(-1)!)
  rows.forEach((row, i) => {
    newPlaces.set(places.subarray(starts[row]!, starts[row + 1]!), newStarts[i]!)
    newTerms.set(terms.subarray(starts[row]!, starts[row + 1]!), newStarts[i]!)
  })
  const sparse = { rows: rows.length, columns, starts: newStarts, places: newPlaces, values: newTerms }
  return { ...dense, sparse }
}
