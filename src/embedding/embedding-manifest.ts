import * as z from 'zod'

const name = z.string().min(1)

/** The content of a Hugging Face tokenizer.json; its vocabulary is not walked through. Text -> ids is an adapter's. */
const tokenizerSchema = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && 'model' in value && 'added_tokens' in value,
  'expected the content of a Hugging Face tokenizer.json, with model and added_tokens',
)

/** How a model of text answers `/v1/embeddings`: the tokenizer, the graph's tensors, and what becomes of its output. */
export const embeddingManifestSchema = z
  .strictObject({
    schema: z.literal(1),
    percall: z.string().optional(),
    task: z.literal('embedding'),
    tokenizer: tokenizerSchema,
    /** Names of the graph's inputs, each [texts, tokens]. */
    inputs: z.strictObject({ ids: name, mask: name.optional(), typeIds: name.optional() }).readonly(),
    /** Fills the places behind a shorter text; the mask is 0 there. */
    padId: z.int().min(0).default(0),
    /** Longest text in tokens, special tokens among them. */
    maxTokens: z.int().min(1),
    /** Name of the graph's output: [texts, tokens, dimensions], or [texts, dimensions] with the pooling `none`. */
    output: name,
    pooling: z.enum(['mean', 'cls', 'last', 'none']),
    /** Whether vectors are divided by their length. */
    normalise: z.boolean(),
    dimensions: z.int().min(1),
    /** Trained so that the first dimensions stand alone (Kusupati et al. 2022): then a call may ask for fewer. */
    matryoshka: z.boolean().default(false),
  })
  .readonly()

export type EmbeddingManifest = z.infer<typeof embeddingManifestSchema>
