import * as z from 'zod'
import { datatype, errorCode, pageOf, sha256, time } from './common.ts'
import { optimisationAnswer } from './optimisation.ts'

export const modelAnswer = z.object({
  name: z.string(),
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  task: z.string().exactOptional(),
  licence: z.string().exactOptional(),
  notice: z.string().exactOptional(),
  logInputs: z.boolean().exactOptional(),
  explain: z.enum(['owner', 'callers']).exactOptional(),
  lastVersion: z.int(),
  createdAt: time,
  /** Version by alias. */
  aliases: z.record(z.string(), z.int()),
})

export const modelsAnswer = pageOf('models', modelAnswer)

const tensorSpec = z.object({
  name: z.string(),
  datatype,
  shape: z.array(z.int()),
  kind: z.enum(['sequence', 'map', 'optional']).exactOptional(),
  unknownRank: z.literal(true).exactOptional(),
})

const probe = z.object({
  isolation: z.enum(['inline', 'child']),
  why: z.string().exactOptional(),
  probedElements: z.int(),
  loadMs: z.number(),
  inferMs: z.number(),
  peakMb: z.number(),
  ort: z.object({ digest: sha256, sizeBytes: z.int(), maxDifference: z.number() }).exactOptional(),
  rewritten: z.object({ digest: sha256, sizeBytes: z.int() }).exactOptional(),
})

const versionFields = {
  name: z.string(),
  version: z.int(),
  digest: sha256,
  manifestDigest: sha256.exactOptional(),
  cardDigest: sha256.exactOptional(),
  cardMarkdownDigest: sha256.exactOptional(),
  /** Where what it says of itself as a whole is. */
  explanations: z.string().exactOptional(),
  sizeBytes: z.int(),
  inputs: z.array(tensorSpec),
  outputs: z.array(tensorSpec),
  createdAt: time,
  /** Null for a version that was made without a probe. */
  probe: probe.nullable(),
  metrics: z.record(z.string(), z.number()).exactOptional(),
  /** The latest one that was asked for. */
  optimisation: optimisationAnswer.exactOptional(),
  lineage: z.union([
    z.object({ origin: z.literal('optimised'), version: z.int(), registrationId: z.string() }),
    z.object({ origin: z.literal('push') }),
    z.object({ origin: z.literal('run'), runId: z.string() }),
  ]),
}

export const versionAnswer = z.object(versionFields)

export const versionsAnswer = pageOf('versions', versionAnswer)

export const versionWithAliasesAnswer = z.object({ ...versionFields, aliases: z.array(z.string()) })

const registrationState = z.enum(['queued', 'running', 'succeeded', 'failed'])
const registrationStep = z.enum(['stage', 'optimise', 'probe', 'publish'])

export const registrationBegunAnswer = z.object({ id: z.string(), state: registrationState, location: z.string() })

export const registrationAnswer = z.object({
  id: z.string(),
  model: z.string(),
  /** Of an upload; otherwise a version is optimised. */
  upload: z.string().exactOptional(),
  optimise: z.object({ version: z.int(), policy: z.string() }).exactOptional(),
  alias: z.string().exactOptional(),
  state: registrationState,
  step: registrationStep.exactOptional(),
  version: z.int().exactOptional(),
  error: z.object({ code: errorCode, message: z.string(), hint: z.string(), step: registrationStep }).exactOptional(),
  createdAt: time,
  endedAt: time.exactOptional(),
})

export const registrationsAnswer = pageOf('registrations', registrationAnswer)

export const aliasAnswer = z.object({ name: z.string(), alias: z.string(), version: z.int(), movedAt: time })

export const aliasesAnswer = z.object({ aliases: z.array(aliasAnswer) })

const aliasMove = z.object({
  revision: z.int(),
  version: z.int().nullable(),
  previous: z.int().nullable(),
  movedBy: z.string(),
  movedAt: time,
})

export const aliasHistoryAnswer = z.object({ name: z.string(), alias: z.string(), history: z.array(aliasMove) })

const ms = z.number().nullable()

/** Times are null without calls. */
const statistics = {
  calls: z.int(),
  failed: z.int(),
  errors: z.record(z.string(), z.int()),
  rows: z.int(),
  coldStarts: z.int(),
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  meanQueueMs: ms,
  meanInferMs: ms,
  lastCallAt: time.nullable(),
}

export const modelStatsAnswer = z.object({
  name: z.string(),
  window: z.string(),
  since: time,
  totals: z.object(statistics),
  versions: z.array(z.object({ version: z.int(), ...statistics })),
})
