import { PercallError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { EmbeddingManifest } from './embedding-manifest.ts'

type Values = Float32Array | Float64Array

/** The rows `from` to `to` of a token's vectors [places, dimensions] -> their mean. */
const meanOf = (values: Values, from: number, to: number, dimensions: number): Float64Array => {
  const sum = new Float64Array(dimensions)
  for (let place = from; place < to; place++)
    for (let k = 0; k < dimensions; k++) sum[k]! += values[place * dimensions + k]!
  return sum.map((value) => value / (to - from))
}

const placeOf = (values: Values, place: number, dimensions: number): Float64Array =>
  Float64Array.from(values.subarray(place * dimensions, (place + 1) * dimensions))

// torch.nn.functional.normalize divides by at least this: https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
const leastNorm = 1e-12

/** x / max(|x|, 1e-12) */
const normalised = (vector: Float64Array): Float64Array => {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map((value) => value / Math.max(norm, leastNorm))
}

const unexpected = (expected: string, { name, datatype, shape }: Tensor): PercallError =>
  new PercallError('INFERENCE_REFUSED', `output ${name}: expected ${expected}, got ${datatype} [${shape.join(',')}]`)

const valuesOf = (output: Tensor, shape: readonly number[]): Values => {
  const { data } = output
  const fits = output.shape.length === shape.length && shape.every((size, i) => size === output.shape[i])
  if (fits && (data instanceof Float32Array || data instanceof Float64Array)) return data
  throw unexpected(`FP32 or FP64 [${shape.join(',')}]`, output)
}

/**
 * The graph's output [texts, places, dimensions], or [texts, dimensions] with the pooling `none` -> one vector a text.
 * `lengths` are the texts' own tokens; what stands behind them is padding and counts for nothing.
 * Fewer than the manifest's dimensions: the first ones, divided by their length. Throws INFERENCE_REFUSED for another shape.
 */
export const poolVectors = (
  { pooling, normalise, dimensions }: EmbeddingManifest,
  output: Tensor,
  lengths: readonly number[],
  wanted = dimensions,
): readonly Float32Array[] => {
  const texts = lengths.length
  const [, places = 0] = output.shape
  const values = valuesOf(output, pooling === 'none' ? [texts, dimensions] : [texts, places, dimensions])
  const vectorOf = (length: number, text: number): Float64Array => {
    if (pooling === 'none') return placeOf(values, text, dimensions)
    const first = text * places
    if (pooling === 'mean') return meanOf(values, first, first + length, dimensions)
    return placeOf(values, pooling === 'cls' ? first : first + length - 1, dimensions)
  }
  return lengths.map((length, text) => {
    const vector = vectorOf(length, text).subarray(0, wanted)
    return Float32Array.from(normalise || wanted < dimensions ? normalised(vector) : vector)
  })
}
