import { ask, type CallOptions, type Question, textOf } from './ask.ts'
import type { CallFacts } from './bodies.ts'
import type { Client } from './client.ts'

/** One vector a text, in their order. */
export type Embeddings = { readonly embeddings: readonly Float32Array[]; readonly tokens: number }
export type Embedded = Embeddings & CallFacts

type VectorOptions = {
  /** Fewer than the model's, where its manifest allows that. */
  readonly dimensions?: number
}
export type EmbedOptions = CallOptions & VectorOptions

type EmbeddingsBody = {
  readonly data: readonly { readonly index: number; readonly embedding: string }[]
  readonly usage: { readonly total_tokens: number }
}

/** Base64 of little-endian float32 -> its values. */
const vectorOf = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer)

/** Texts, or their token ids, of an embedding model. */
export const embeddingsQuestion = (
  model: string,
  input: string | readonly string[] | readonly (readonly number[])[],
  { dimensions }: VectorOptions = {},
): Question<Embeddings> => ({
  path: '/v1/embeddings',
  headers: { 'content-type': 'application/json' },
  // A third of the bytes of decimals, and each float32 as it is.
  body: JSON.stringify({ model, input, encoding_format: 'base64', dimensions }),
  read: (answer) => {
    // docs/embeddings.md gives the answer's members.
    const { data, usage } = JSON.parse(textOf(answer)) as EmbeddingsBody
    const ordered = data.toSorted((a, b) => a.index - b.index)
    return { embeddings: ordered.map(({ embedding }) => vectorOf(embedding)), tokens: usage.total_tokens }
  },
})

/** Vectors of texts. */
export const embed =
  (client: Client) =>
  (model: string, input: Parameters<typeof embeddingsQuestion>[1], options: EmbedOptions = {}): Promise<Embedded> =>
    ask(client, embeddingsQuestion(model, input, options), options)
