import * as z from 'zod'
import { codecSchema } from '../dataset/codec.ts'
import { columnCodecSchema, columnKindSchema } from '../dataset/column-codec.ts'
import { type EmbeddingManifest, embeddingManifestSchema } from '../embedding/embedding-manifest.ts'
import { PercallError } from '../errors.ts'
import { schemaWords } from '../schema-words.ts'

/** A class in the target's own JSON type. */
export type Label = string | number | boolean

const tabularManifestSchema = z
  .object({
    schema: z.literal(1),
    /** Version of Percall that wrote it. */
    percall: z.string(),
    task: z.enum(['regression', 'binary', 'multiclass']),
    target: z
      .object({
        name: z.string(),
        kind: columnKindSchema,
        /** How training read its cells; absent in older manifests. */
        codec: columnCodecSchema.exactOptional(),
      })
      .readonly(),
    codec: codecSchema,
    /** Names of the graph's outputs. */
    outputs: z.union([
      z
        .object({
          prediction: z.string(),
          /** Both ends of the interval that holds `level` of all answers. */
          interval: z.object({ low: z.string(), high: z.string(), level: z.number() }).readonly().exactOptional(),
        })
        .readonly(),
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
    /** A run of the graph takes at most so many rows, which keeps the terms of its texts in memory; absent: any number. */
    rowsPerRun: z.int().positive().optional(),
    /** Of a time split: the latest time that was learned from, epoch seconds. */
    trainedUntil: z.number().exactOptional(),
    /** By what the test rows of its run were chosen: a column's cells, the content of columns, or none were held out. */
    heldOut: z
      .union([
        z.object({ key: z.string() }).readonly(),
        z.object({ columns: z.array(z.string()).readonly() }).readonly(),
        z.object({ none: z.literal(true) }).readonly(),
      ])
      .exactOptional(),
  })
  .readonly()

/** What a version carries beside model.onnx, so that rows or texts become inputs and outputs become answers. */
export const manifestSchema = z.discriminatedUnion('task', [tabularManifestSchema, embeddingManifestSchema])

/** Of a model of rows by columns, as a run writes it. */
export type TabularManifest = z.infer<typeof tabularManifestSchema>

export type Manifest = TabularManifest | EmbeddingManifest

export const isTabular = (manifest: Manifest): manifest is TabularManifest => manifest.task !== 'embedding'

/** An owner's manifest. Throws BAD_MANIFEST that names the first member at fault. */
export const parseManifest = (value: unknown): Manifest => {
  const parsed = manifestSchema.safeParse(value, { error: schemaWords })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = ['manifest', ...(issue?.path ?? [])].join('.')
  throw new PercallError('BAD_MANIFEST', `${where}: ${issue?.message ?? 'not as expected'}`)
}
