import type { Features, SparseMatrix } from '../estimators/estimator.ts'
import { selectMatrix } from '../run/select-rows.ts'

/** Some rows of a pipeline's features, in the order given. */
export const pickFeatures = ({ sparse, ...dense }: Features, rows: Uint32Array): Features => ({
  ...dense,
  ...selectMatrix(dense, rows),
  ...(sparse && { sparse: pickSparse(sparse, rows) }),
})

const pickSparse = ({ columns, starts, places, values }: SparseMatrix, rows: Uint32Array): SparseMatrix => {
  const ends = new Uint32Array(rows.length + 1)
  rows.forEach((row, at) => {
    ends[at + 1] = ends[at]! + starts[row + 1]! - starts[row]!
  })
  const picked = { places: new Uint32Array(ends.at(-1)!), values: new Float64Array(ends.at(-1)!) }
  rows.forEach((row, at) => {
    picked.places.set(places.subarray(starts[row], starts[row + 1]), ends[at])
    picked.values.set(values.subarray(starts[row], starts[row + 1]), ends[at])
  })
  return { rows: rows.length, columns, starts: ends, ...picked }
}
