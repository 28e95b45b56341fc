import type { Deployed, Question } from '../call.ts'
import { PercallError } from '../errors.ts'
import { isTabular } from '../manifest.ts'
import type { Tokenize, TokenizerOf } from '../ports.ts'
import type { Signature } from '../signature.ts'
import type { EmbeddingManifest } from './embedding-manifest.ts'
import type { EmbeddingInput, EmbeddingRequest } from './embedding-request.ts'
import { encodeEmbeddings } from './embedding-response.ts'
import { poolVectors } from './pool.ts'
import { batchOf, batchTensors, mostPlaces } from './token-batch.ts'

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

/**
 * Texts or token ids -> the graph's inputs, all in one run, and OpenAI's answer. Tokens are counted as the model gets them,
 * special tokens among them, without padding; nothing is cut. Throws WRONG_TASK, BAD_REQUEST, TOO_MANY_TOKENS, TOO_LARGE,
 * BAD_VALUE, and BAD_MANIFEST for a tokenizer that cannot be used.
 */
export const readEmbeddings =
  (request: EmbeddingRequest, tokenizerOf: TokenizerOf) =>
  (deployed: Deployed): Question => {
    const manifest = requireEmbedding(deployed)
    const { signature, manifestDigest = '' } = deployed.version
    const dimensions = requireDimensions(manifest, request.dimensions)
    const ids = idsOf(() => tokenizerOf(manifestDigest, manifest.tokenizer), manifest, request.inputs)
    const batch = batchOf(ids, fixedWidth(signature, manifest.inputs.ids))
    const lengths = ids.map(({ length }) => length)
    const tokens = lengths.reduce((sum, length) => sum + length, 0)
    return {
      inputs: batchTensors(manifest, signature, batch),
      outputs: [manifest.output],
      rows: ids.length,
      tokens,
      encode: ([output]) => encodeEmbeddings(request, poolVectors(manifest, output!, lengths, dimensions), tokens),
    }
  }
