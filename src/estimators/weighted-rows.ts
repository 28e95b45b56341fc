import type { Features, LabelledData, SparseMatrix } from './estimator.ts'

/** The rows whose weight is above 0: the others say nothing, and a fit without them is the same. */
export const weightedRows = (data: LabelledData): LabelledData => {
  const { X, y, weights } = data
  if (weights === undefined || weights.every((weight) => weight > 0)) return data
  const kept = Uint32Array.from({ length: X.rows }, (_, row) => row).filter((row) => weights[row]! > 0)
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (row) => values[row]!)
  return { X: featureRows(X, kept), y: pick(y), weights: pick(weights) }
}

const featureRows = (X: Features, kept: Uint32Array): Features => {
  const values = new Float64Array(kept.length * X.columns)
  kept.forEach((row, i) => {
    values.set(X.values.subarray(row * X.columns, (row + 1) * X.columns), i * X.columns)
  })
  const dense = { rows: kept.length, columns: X.columns, values }
  return X.sparse === undefined ? dense : { ...dense, sparse: sparseRows(X.sparse, kept) }
}

const sparseRows = ({ columns, starts, places, values }: SparseMatrix, kept: Uint32Array): SparseMatrix => {
  const newStarts = new Uint32Array(kept.length + 1)
  kept.forEach((row, i) => {
    newStarts[i + 1] = newStarts[i]! + starts[row + 1]! - starts[row]!
  })
  const cells = newStarts[kept.length]!
  const newPlaces = new Uint32Array(cells)
  const newValues = new Float64Array(cells)
  kept.forEach((row, i) => {
    newPlaces.set(places.subarray(starts[row]!, starts[row + 1]!), newStarts[i]!)
    newValues.set(values.subarray(starts[row]!, starts[row + 1]!), newStarts[i]!)
  })
  return { rows: kept.length, columns, starts: newStarts, places: newPlaces, values: newValues }
}
