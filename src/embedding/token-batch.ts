import { PercallError } from '../errors.ts'
import type { Signature } from '../registry/signature.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { EmbeddingManifest } from './embedding-manifest.ts'

/**
 * Places of one call, padding included: 2,048 texts of 64 tokens, 256 of 512. A model of 6 layers and 384 dimensions takes
 * 21 MFLOP a token, 2.8 TFLOP for all of them: 20 s on three processors at 50 GFLOP/s. Their tokenizer takes 7 s at worst,
 * and what they leave, 2,048 vectors of 384 in base64, is 4 of the 6 MB that an answer has.
 */
export const mostPlaces = 2 ** 17

// Places of one run, but for a text that is longer alone. BERT's attention over 8 texts of 512 tokens takes about 100 MB,
// and no larger run is faster by the token.
const mostRunPlaces = 2 ** 12
// A text alone; the memory of attention grows with the square.
const mostTextPlaces = 2 ** 15

/** Token ids of several texts, one row each, and how many of a row are its own. */
export type TokenBatch = {
  readonly ids: readonly (readonly number[])[]
  /** Places of a row. */
  readonly width: number
}

/** One run, and which texts of the call are its rows. */
export type Batch = { readonly texts: readonly number[]; readonly rows: TokenBatch }

const tooLarge = (text: string): PercallError => new PercallError('TOO_LARGE', `body.input: expected at most ${text}`)

/**
 * The runs of one call: texts of like lengths together, the longest first, each run padded to its longest.
 * All in one run, in their own order, where that has few places. Throws TOO_LARGE.
 */
export const batchesOf = (ids: TokenBatch['ids'], fixedWidth?: number): readonly Batch[] => {
  const widthOf = (text: number): number => fixedWidth ?? ids[text]!.length
  const longest = ids.reduce((most, _, text) => Math.max(most, widthOf(text)), 0)
  if (longest > mostTextPlaces) throw tooLarge(`${mostTextPlaces} tokens in one text, got ${longest}`)
  const own = ids.map((_, text) => text)
  if (longest * ids.length <= mostRunPlaces) return [{ texts: own, rows: { ids, width: longest } }]
  const runs: number[][] = []
  let places = 0
  for (const text of own.toSorted((a, b) => widthOf(b) - widthOf(a))) {
    const run = runs.at(-1)
    // The first of a run is its longest.
    if (run && (run.length + 1) * widthOf(run[0]!) <= mostRunPlaces) run.push(text)
    else runs.push([text])
    places += widthOf(runs.at(-1)![0]!)
  }
  if (places > mostPlaces)
    throw tooLarge(
      `${mostPlaces} tokens in one call, each text as long as the longest that runs with it, got ${places}`,
    )
  return runs.map((texts) => ({ texts, rows: { ids: texts.map((text) => ids[text]!), width: widthOf(texts[0]!) } }))
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
