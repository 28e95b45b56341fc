import * as z from 'zod'

/** A class in the target's own JSON type. */
export const label = z.union([z.string(), z.number(), z.boolean()])

/** Probabilities by the label's text. */
const classPrediction = z.object({ label, probabilities: z.record(z.string(), z.number().nullable()) })

/** Where the truth lies with probability `level`. */
const valueWithInterval = z.object({
  prediction: z.number().nullable(),
  interval: z.object({ low: z.number().nullable(), high: z.number().nullable(), level: z.number() }),
})

/** Of a trained model a number, with its interval where it has one, null where it is not finite, or a class; of a pushed one its outputs' own entries. */
export const predictionsAnswer = z.object({
  predictions: z.array(
    z.union([
      z.number(),
      z.null(),
      classPrediction,
      valueWithInterval,
      z.string(),
      z.boolean(),
      z.array(z.any()),
      z.record(z.string(), z.any()),
    ]),
  ),
})

export const openAiModelAnswer = z.object({
  id: z.string(),
  object: z.literal('model'),
  /** Seconds since 1970. */
  created: z.int(),
  owned_by: z.string(),
})

export const openAiModelsAnswer = z.object({
  object: z.literal('list'),
  data: z.array(openAiModelAnswer),
  models: z.array(z.string()),
})

const embedding = z.object({
  object: z.literal('embedding'),
  index: z.int(),
  /** Numbers, or float32 in little-endian base64. */
  embedding: z.union([z.array(z.number().nullable()), z.string()]),
})

export const embeddingsAnswer = z.object({
  object: z.literal('list'),
  data: z.array(embedding),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
})
