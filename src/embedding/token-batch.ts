import { PercallError } from '../errors.ts'
import type { Signature } from '../signature.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { EmbeddingManifest } from './embedding-manifest.ts'

/** Places of one call, padding included. BERT's attention over 128 texts of 512 tokens takes about 1.6 GB. */
export const mostPlaces = 2 ** 15

/** Token ids of several texts, one row each, and how many of a row are its own. */
export type TokenBatch = {
  readonly ids: readonly (readonly number[])[]
  /** Places of a row. */
  readonly width: number
}

/** The rows of one call, padded to the longest. Throws TOO_LARGE. */
export const batchOf = (ids: TokenBatch['ids'], fixedWidth?: number): TokenBatch => {
  const width = fixedWidth ?? ids.reduce((most, { length }) => Math.max(most, length), 0)
  if (width * ids.length > mostPlaces)
    throw new PercallError(
      'TOO_LARGE',
      `body.input: expected at most ${mostPlaces} tokens in one call, each text as long as the longest, got ${ids.length} x ${width}`,
    )
  return { ids, width }
}

type Fill = (row: readonly number[], place: number) => number

const tensorOf = (name: string, signature: Signature, { ids, width }: TokenBatch, fill: Fill): Tensor => {
  const shape = [ids.length, width]
  const datatype = signature.inputs.find((spec) => spec.name === name)?.datatype === 'INT32' ? 'INT32' : 'INT64'
  const length = ids.length * width
  const data = datatype === 'INT32' ? new Int32Array(length) : new BigInt64Array(length)
  ids.forEach((row, i) => {
    for (let place = 0; place < width; place++) {
      const value = fill(row, place)
      data[i * width + place] = data instanceof Int32Array ? value : BigInt(value)
    }
  })
  return { name, datatype, shape, data }
}

/** The tensors that the manifest names, [texts, places]: ids, the mask that is 1 on own tokens, type ids of zeros. */
export const batchTensors = (
  { inputs, padId }: EmbeddingManifest,
  signature: Signature,
  batch: TokenBatch,
): readonly Tensor[] => {
  const { ids, mask, typeIds } = inputs
  return [
    tensorOf(ids, signature, batch, (row, place) => row[place] ?? padId),
    ...(mask ? [tensorOf(mask, signature, batch, (row, place) => (place < row.length ? 1 : 0))] : []),
    ...(typeIds ? [tensorOf(typeIds, signature, batch, () => 0)] : []),
  ]
}
