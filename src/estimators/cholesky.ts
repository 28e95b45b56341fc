/** A pivot below this share of its diagonal means columns that depend on each other: half of float64's digits are gone. */
const usualPivot = 1e-6

/**
 * L with L L' = A for a symmetric positive definite A [p, p], row-major; undefined when A is near to singular: a pivot
 * is within `leastPivot` of its diagonal. Golub & Van Loan, Matrix Computations, 4.2.
 */
export const choleskyFactor = (
  A: Float64Array,
  p: number,
  leastPivot: number = usualPivot,
): Float64Array | undefined => {
  const L = A.slice()
  for (let j = 0; j < p; j++) {
    let pivot = L[j * p + j]!
    for (let k = 0; k < j; k++) pivot -= L[j * p + k]! ** 2
    if (!(pivot > leastPivot * A[j * p + j]!)) return undefined
    const root = Math.sqrt(pivot)
    L[j * p + j] = root
    for (let i = j + 1; i < p; i++) {
      let sum = L[i * p + j]!
      for (let k = 0; k < j; k++) sum -= L[i * p + k]! * L[j * p + k]!
      L[i * p + j] = sum / root
    }
  }
  return L
}

/** L L' x = b. */
export const solveFactored = (L: Float64Array, b: Float64Array): Float64Array => {
  const p = b.length
  const x = b.slice()
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) x[i]! -= L[i * p + k]! * x[k]!
    x[i]! /= L[i * p + i]!
  }
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) x[i]! -= L[k * p + i]! * x[k]!
    x[i]! /= L[i * p + i]!
  }
  return x
}

/** A x = b; undefined when A is near to singular. */
export const choleskySolve = (A: Float64Array, b: Float64Array): Float64Array | undefined => {
  const L = choleskyFactor(A, b.length)
  return L && solveFactored(L, b)
}
