import { missingInt64 } from '../dataset/column-codec.ts'
import { PercallError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** The codec's tensors by name, as the kinds of values that transformers take. */
export type RawColumns = {
  readonly rows: number
  /** NaN is missing. */
  readonly numbers: (name: string) => Float64Array
  readonly dates: (name: string) => BigInt64Array
  /** '' is missing. */
  readonly texts: (name: string) => readonly string[]
}

/** Each throws MISSING_INPUT for a name that is no tensor's. */
export const rawColumns = (tensors: readonly Tensor[]): RawColumns => {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor.data]))
  const dataOf = (name: string): Tensor['data'] => {
    const data = byName.get(name)
    if (data !== undefined) return data
    throw new PercallError('MISSING_INPUT', `input ${name}: expected a tensor, got none`)
  }
  return {
    rows: tensors[0]?.data.length ?? 0,
    numbers: (name) => toFloat64(dataOf(name)),
    // The codec gives every date as INT64, and every category, ordinal and text as BYTES.
    dates: (name) => dataOf(name) as BigInt64Array,
    texts: (name) => dataOf(name) as readonly string[],
  }
}

const toFloat64 = (data: Tensor['data']): Float64Array =>
  data instanceof BigInt64Array
    ? Float64Array.from(data, (value) => (value === missingInt64 ? Number.NaN : Number(value)))
    : // The codec's other number types; the constructor copies.
      new Float64Array(data as Float32Array | Float64Array)
