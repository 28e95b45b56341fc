import { fitsDigits } from './number-cell.ts'

/** Digits that float32 holds whatever the number (2^24 = 16 777 216). */
const float32Digits = 7

/**
 * FP32 when the distinct values have at most 7 significant digits and stay distinct in float32; else FP64, or INT64 for
 * whole numbers beyond 2^53. `values` ascend, each once.
 */
export const numberType = (values: Float64Array, kind: 'numeric' | 'integer'): 'FP32' | 'FP64' | 'INT64' => {
  const narrow = (value: number, i: number): boolean => {
    const single = Math.fround(value)
    if (!Number.isFinite(single)) return false
    return (i === 0 || single !== Math.fround(values[i - 1]!)) && fitsDigits(value, float32Digits)
  }
  if (values.every(narrow)) return 'FP32'
  return kind === 'integer' && values.some((value) => !Number.isSafeInteger(value)) ? 'INT64' : 'FP64'
}

/** Distinct values in ascending order; NaN is left out. */
export const distinctValues = (values: Float64Array): Float64Array => {
  const sorted = values.slice().sort()
  let count = 0
  for (const value of sorted) {
    if (Number.isNaN(value)) break // sort puts NaN last
    if (count === 0 || sorted[count - 1] !== value) sorted[count++] = value
  }
  return sorted.subarray(0, count)
}
