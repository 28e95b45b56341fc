import { type Encoded, encodedJson } from '../call/encoded.ts'
import { shortestFloat32 } from '../tensor/shortest-float32.ts'
import type { EmbeddingRequest } from './embedding-request.ts'

// A call takes its arguments on the stack.
const charactersAtOnce = 8192

/** float32, little-endian, as OpenAI's clients read it. */
const base64Of = (vector: Float32Array): string => {
  const bytes = new Uint8Array(vector.length * Float32Array.BYTES_PER_ELEMENT)
  const view = new DataView(bytes.buffer)
  vector.forEach((value, i) => {
    view.setFloat32(i * Float32Array.BYTES_PER_ELEMENT, value, true)
  })
  let binary = ''
  for (let at = 0; at < bytes.length; at += charactersAtOnce)
    binary += String.fromCharCode(...bytes.subarray(at, at + charactersAtOnce))
  return btoa(binary)
}

/** JSON has no NaN and no infinity; base64 carries them. */
const numbersOf = (vector: Float32Array): readonly (number | null)[] =>
  Array.from(vector, (value) => (Number.isFinite(value) ? shortestFloat32(value) : null))

/** OpenAI's answer: one embedding an input, in their order, and how many tokens they were. */
export const encodeEmbeddings = (
  { model, encodingFormat }: Pick<EmbeddingRequest, 'model' | 'encodingFormat'>,
  vectors: readonly Float32Array[],
  tokens: number,
): Encoded => {
  const written = encodingFormat === 'base64' ? base64Of : numbersOf
  const data = vectors.map((vector, index) => ({ object: 'embedding', index, embedding: written(vector) }))
  const usage = { prompt_tokens: tokens, total_tokens: tokens }
  return encodedJson(JSON.stringify({ object: 'list', data, model, usage }))
}
