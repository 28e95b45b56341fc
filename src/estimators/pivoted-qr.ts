/**
 * Least squares of a matrix whose columns may depend on each other: Householder QR with column pivoting.
 * `columns` are p arrays of length n, b [n] -> x [p], 0 for each column that the earlier ones explain (a basic
 * solution, not the one of least norm). Golub & Van Loan, Matrix Computations, 5.5.
 */
export const pivotedQrSolve = (columns: readonly Float64Array[], b: Float64Array): Float64Array => {
  const p = columns.length
  const n = b.length
  // Columns of unit length, so that the rank does not hang on units.
  const lengths = columns.map((column) => Math.sqrt(squaredNorm(column, 0)))
  const A = columns.map((column, j) => column.map((value) => (lengths[j] === 0 ? 0 : value / lengths[j]!)))
  const rhs = b.slice()
  const order = A.map((_, j) => j)
  // numpy.linalg.lstsq's default: max(n, p) x eps of the largest.
  const tolerance = Math.max(n, p) * Number.EPSILON
  let rank = 0
  while (rank < Math.min(n, p)) {
    const k = rank
    const norms = order.slice(k).map((j) => squaredNorm(A[j]!, k))
    const best = norms.indexOf(Math.max(...norms))
    if (Math.sqrt(norms[best]!) <= tolerance) break
    swap(order, k, k + best)
    reflect(A, order, rhs, k)
    rank += 1
  }
  const x = new Float64Array(p)
  for (let i = rank - 1; i >= 0; i--) {
    let sum = rhs[i]!
    for (let j = i + 1; j < rank; j++) sum -= A[order[j]!]![i]! * x[order[j]!]!
    x[order[i]!] = sum / A[order[i]!]![i]!
  }
  return x.map((value, j) => (lengths[j] === 0 ? 0 : value / lengths[j]!))
}

/** H = I - 2 v v' / v'v maps column k below row k to a multiple of e_k; applied to the later columns and b. */
const reflect = (A: readonly Float64Array[], order: readonly number[], rhs: Float64Array, k: number): void => {
  const pivot = A[order[k]!]!
  const norm = Math.sqrt(squaredNorm(pivot, k))
  const alpha = pivot[k]! > 0 ? -norm : norm
  const v = pivot.slice()
  v[k]! -= alpha
  const vv = squaredNorm(v, k)
  const apply = (target: Float64Array): void => {
    let dot = 0
    for (let i = k; i < v.length; i++) dot += v[i]! * target[i]!
    const factor = (2 * dot) / vv
    for (let i = k; i < v.length; i++) target[i]! -= factor * v[i]!
  }
  for (const j of order.slice(k + 1)) apply(A[j]!)
  apply(rhs)
  pivot[k] = alpha
}

const squaredNorm = (column: Float64Array, from: number): number => {
  let sum = 0
  for (let i = from; i < column.length; i++) sum += column[i]! * column[i]!
  return sum
}

const swap = (order: number[], a: number, b: number): void => {
  const kept = order[a]!
  order[a] = order[b]!
  order[b] = kept
}
