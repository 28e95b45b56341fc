import type { Deployed } from '../call/deployed.ts'
import type { Encoded } from '../call/encoded.ts'
import type { Question } from '../call/question.ts'
import { PercallError } from '../errors.ts'
import type { Tokenize, TokenizerOf } from '../ports.ts'
import { isTabular } from '../registry/manifest.ts'
import type { Signature } from '../registry/signature.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { EmbeddingManifest } from './embedding-manifest.ts'
import type { EmbeddingInput, EmbeddingRequest } from './embedding-request.ts'
import { encodeEmbeddings } from './embedding-response.ts'
import { poolVectors } from './pool.ts'
import { batchesOf, batchTensors, mostPlaces } from './token-batch.ts'

// Real text has 3 to 6 characters a token. Words of 99 letters that are no words are the dearest: 50 us a token, and
// 500,000 characters of them took 27 s.
const mostCharactersPerToken = 24

const requireEmbedding = ({ version, manifest }: Deployed): EmbeddingManifest => {
  if (manifest && !isTabular(manifest)) return manifest
  const got = manifest ? `a ${manifest.task} model` : 'one without a manifest'
  throw new PercallError(
    'WRONG_TASK',
    `model ${version.model}/${version.number}: expected a version with an embedding manifest, got ${got}`,
  )
}

const requireDimensions = ({ dimensions, matryoshka }: EmbeddingManifest, wanted = dimensions): number => {
  const expected = matryoshka ? `1 to ${dimensions}` : `${dimensions}, the model cannot shorten its vectors`
  if (wanted > dimensions || (!matryoshka && wanted !== dimensions))
    throw new PercallError('BAD_REQUEST', `body.dimensions: expected ${expected}, got ${wanted}`)
  return wanted
}

/** The ids of each input. Throws TOO_MANY_TOKENS for a text over the model's limit, BAD_VALUE for one of no token. */
const idsOf = (
  tokenize: () => Tokenize,
  { maxTokens }: EmbeddingManifest,
  inputs: readonly EmbeddingInput[],
): readonly (readonly number[])[] => {
  const mostCharacters = maxTokens * mostCharactersPerToken
  let tokens = 0
  return inputs.map((input, i) => {
    const tooLong = (got: string): PercallError =>
      new PercallError('TOO_MANY_TOKENS', `body.input.${i}: expected at most ${maxTokens} tokens, got ${got}`)
    if (typeof input === 'string' && input.length > mostCharacters) throw tooLong(`${input.length} characters`)
    const ids = typeof input === 'string' ? tokenize()(input) : input
    if (ids.length > maxTokens) throw tooLong(String(ids.length))
    if (ids.length === 0)
      throw new PercallError('BAD_VALUE', `body.input.${i}: expected a text of at least one token, got none`)
    tokens += ids.length
    // Not after all are read: that would let a caller buy minutes of work.
    if (tokens > mostPlaces)
      throw new PercallError('TOO_LARGE', `body.input: expected at most ${mostPlaces} tokens in one call, got more`)
    return ids
  })
}

const fixedWidth = ({ inputs }: Signature, name: string): number | undefined => {
  const width = inputs.find((spec) => spec.name === name)?.shape[1]
  return width === undefined || width === -1 ? undefined : width
}

/** What the runs kept, each the vector of the text that `order` names, by texts. */
const inOrder = (order: readonly number[], kept: readonly Tensor[]): readonly Float32Array[] => {
  const vectors: Float32Array[] = []
  order.forEach((text, i) => {
    vectors[text] = kept[i]!.data as Float32Array // as they were kept
  })
  return vectors
}

/**
 * Texts or token ids -> the graph's inputs, in one or several runs, and OpenAI's answer. Tokens are counted as the model
 * gets them, special tokens among them, without padding; nothing is cut. Throws WRONG_TASK, BAD_REQUEST, TOO_MANY_TOKENS,
 * TOO_LARGE, BAD_VALUE, and BAD_MANIFEST for a tokenizer that cannot be used.
 */
export const readEmbeddings =
  (request: EmbeddingRequest, tokenizerOf: TokenizerOf) =>
  (deployed: Deployed): Question => {
    const manifest = requireEmbedding(deployed)
    const { signature, manifestDigest = '' } = deployed.version
    const dimensions = requireDimensions(manifest, request.dimensions)
    const ids = idsOf(() => tokenizerOf(manifestDigest, manifest.tokenizer), manifest, request.inputs)
    const batches = batchesOf(ids, fixedWidth(signature, manifest.inputs.ids))
    const inputs = batches.map(({ rows }) => batchTensors(manifest, signature, rows))
    const tokens = ids.reduce((sum, { length }) => sum + length, 0)
    // A run's hidden states are many times its vectors.
    const pooled = ([output]: readonly Tensor[], run: number): readonly Float32Array[] =>
      poolVectors(
        manifest,
        output!,
        batches[run]!.rows.ids.map(({ length }) => length),
        dimensions,
      )
    const encode = (vectors: readonly Float32Array[]): Encoded => encodeEmbeddings(request, vectors, tokens)
    const asked = { inputs: inputs[0]!, outputs: [manifest.output], rows: ids.length, tokens }
    if (batches.length === 1) return { ...asked, encode: (outputs) => encode(pooled(outputs, 0)) }
    const keep = (outputs: readonly Tensor[], run: number): readonly Tensor[] =>
      pooled(outputs, run).map((data) => ({ name: manifest.output, datatype: 'FP32', shape: [data.length], data }))
    const order = batches.flatMap(({ texts }) => texts)
    return { ...asked, runs: { inputs, keep }, encode: (kept) => encode(inOrder(order, kept)) }
  }
