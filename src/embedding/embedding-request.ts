import * as z from 'zod'
import { checkBody } from '../body.ts'

// https://platform.openai.com/docs/api-reference/embeddings/create
const mostInputs = 2048

const tokenIds = z.array(z.int().min(0).max(2_147_483_647)).min(1, 'expected at least one token, got none').readonly()
const text = z.string().min(1, 'expected a text, got an empty one')

const expectedInput = `expected a text, token ids, or an array of at most ${mostInputs} of them`

const schemaOf = <Input extends z.ZodType>(input: Input) =>
  z.object({
    model: z.string('expected the name of a model').min(1, 'expected the name of a model'),
    input,
    encoding_format: z.enum(['float', 'base64'], 'expected float or base64').default('float'),
    dimensions: z.int('expected a whole number').min(1, 'expected at least 1').optional(),
  })

const several = <Item extends z.ZodType>(item: Item) =>
  z.array(item).min(1, expectedInput).max(mostInputs, expectedInput)

// One schema for each form, so that a refusal names the item at fault and not a union of everything.
export const embeddingSchemas = {
  text: schemaOf(text),
  ids: schemaOf(tokenIds),
  texts: schemaOf(several(text)),
  idLists: schemaOf(several(tokenIds)),
  none: schemaOf(z.never(expectedInput)),
}

const formOf = (input: unknown): keyof typeof embeddingSchemas => {
  if (typeof input === 'string') return 'text'
  if (!Array.isArray(input) || input.length === 0) return 'none'
  if (typeof input[0] === 'number') return 'ids'
  return Array.isArray(input[0]) ? 'idLists' : 'texts'
}

/** One text, or the ids that stand for one. */
export type EmbeddingInput = string | readonly number[]

export type EmbeddingRequest = {
  /** As the caller wrote it: `name`, `name@alias` or `name@3`. */
  readonly model: string
  readonly inputs: readonly EmbeddingInput[]
  readonly encodingFormat: 'float' | 'base64'
  readonly dimensions?: number
}

/** Reads OpenAI's request; `user` and members that it does not know are ignored. Throws BAD_REQUEST. */
export const parseEmbeddingRequest = (body: unknown): EmbeddingRequest => {
  const form = formOf((body as { readonly input?: unknown } | null)?.input) // any JSON value; the schema checks it
  const { model, input, encoding_format: encodingFormat, dimensions } = checkBody(embeddingSchemas[form], body)
  const inputs = (form === 'text' || form === 'ids' ? [input] : input) as readonly EmbeddingInput[] // by its schema
  return { model, inputs, encodingFormat, ...(dimensions !== undefined && { dimensions }) }
}
