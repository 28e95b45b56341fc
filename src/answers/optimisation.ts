import * as z from 'zod'

const times = { p50Ms: z.number(), p95Ms: z.number() }

const figures = z.object({
  sizeBytes: z.int(),
  gzipBytes: z.int(),
  loadMs: z.number(),
  oneRow: z.object(times),
  batch: z.object({ rows: z.int(), ...times }),
  peakMb: z.number(),
})

const pairedFigure = z.object({
  metric: z.enum(['logLoss', 'rmse', 'errorRate']),
  float: z.number(),
  difference: z.number(),
  low: z.number(),
  high: z.number(),
})

const quality = z.union([
  z.object({ kind: z.literal('labels'), rows: z.int(), figures: z.array(pairedFigure) }),
  z.object({
    kind: z.literal('outputs'),
    values: z.int(),
    largest: z.number().exactOptional(),
    mean: z.number().exactOptional(),
  }),
])

const variantName = z.enum(['float', 'simplified', 'cleaned', 'half', 'int8', 'pruned', 'narrow'])

const variant = z.union([
  z.object({
    name: variantName,
    state: z.literal('measured'),
    figures,
    quality,
    /** Why it may not serve under the policy. */
    beyond: z.string().exactOptional(),
  }),
  z.object({ name: variantName, state: z.literal('refused'), reason: z.string() }),
])

export const optimisationAnswer = z.object({
  policy: z.string(),
  chosen: variantName,
  reason: z.string(),
  variants: z.array(variant),
  weightBits: z.union([z.literal(7), z.literal(8)]),
  threads: z.int(),
})
