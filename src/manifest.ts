import * as z from 'zod'
import { codecSchema } from './dataset/codec.ts'

/** A class in the target's own JSON type. */
export type Label = string | number | boolean

/** What a version carries beside model.onnx, so that rows become inputs and outputs become answers. */
export const manifestSchema = z
  .object({
    schema: z.literal(1),
    /** Version of Percall that wrote it. */
    percall: z.string(),
    task: z.enum(['regression', 'binary', 'multiclass']),
    target: z
      .object({ name: z.string(), kind: z.enum(['numeric', 'integer', 'boolean', 'category', 'date']) })
      .readonly(),
    codec: codecSchema,
    /** Names of the graph's outputs. */
    outputs: z.union([
      z.object({ prediction: z.string() }).readonly(),
      z.object({ label: z.string(), probabilities: z.string() }).readonly(),
    ]),
    /** In the order of the probabilities; absent for regression. */
    classes: z
      .array(z.union([z.string(), z.number(), z.boolean()]))
      .readonly()
      .optional(),
    /** Binary only: the class that the threshold is about, and its least probability. */
    positive: z.union([z.string(), z.number(), z.boolean()]).optional(),
    threshold: z.number().optional(),
  })
  .readonly()

export type Manifest = z.infer<typeof manifestSchema>
