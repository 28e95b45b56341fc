import * as z from 'zod'
import { columnCodecSchema, columnKindSchema } from '../dataset/column-codec.ts'
import { dataFormats } from '../dataset/dataset.ts'
import { engineNames } from '../run/engine/engine-sizes.ts'
import { metricNames } from '../run/fits-task.ts'
import { algorithmNames, runRequestSchema } from '../run/request.ts'
import { runSteps } from '../run/run.ts'
import { errorCode, pageOf, sha256, time } from './common.ts'
import { runReasonAnswer } from './triggers.ts'

export const datasetAnswer = z.object({ name: z.string(), lastVersion: z.int(), createdAt: time })

export const datasetsAnswer = pageOf('datasets', datasetAnswer)

const datasetVersionFields = {
  dataset: z.string(),
  version: z.int(),
  /** Null of a file that was too large to be read when it came. */
  sha256: sha256.nullable(),
  format: z.enum(dataFormats),
  sizeBytes: z.int(),
  rows: z.int().nullable(),
  columns: z.array(z.string()),
  createdAt: time,
}

export const datasetVersionAnswer = z.object(datasetVersionFields)

export const datasetVersionsAnswer = pageOf('versions', datasetVersionAnswer)

const columnProfile = z.object({
  name: z.string(),
  kind: z.enum([...columnKindSchema.options, 'identifier', 'constant']),
  codec: columnCodecSchema.exactOptional(),
  confidence: z.number(),
  leftOut: z.enum(['identifier', 'constant', 'dropped', 'leak']).exactOptional(),
  notice: z.string().exactOptional(),
  personal: z.enum(['email', 'phone', 'card', 'iban', 'national id']).exactOptional(),
  missing: z.int(),
  distinct: z.int(),
  range: z.object({ lowest: z.number(), highest: z.number() }).exactOptional(),
})

/** `profile` is null where the latest version has these bytes already, or where `notice` says why there is none. */
export const datasetIngestedAnswer = z.object({
  ...datasetVersionFields,
  profile: z.object({ rows: z.int(), columns: z.array(columnProfile) }).nullable(),
  notice: z.string().exactOptional(),
})

const runState = z.enum(['queued', 'running', 'succeeded', 'rejected', 'failed', 'cancelled'])
const runStep = z.enum(runSteps)
const progress = z.object({
  done: z.int(),
  of: z.int(),
  loss: z.number().exactOptional(),
  best: z.number().exactOptional(),
  part: z.string().exactOptional(),
  rows: z.int().exactOptional(),
  leftMs: z.int().exactOptional(),
})

/** Where a run is fitted; expected memory, time and AWS's price on demand of it. */
const engine = z.object({
  name: z.enum(engineNames),
  reason: z.string(),
  memoryMb: z.int(),
  gbSeconds: z.int(),
  costUsd: z.string(),
  priceRegion: z.string(),
  job: z.object({ vcpus: z.number(), memoryMb: z.int(), instance: z.string().exactOptional() }).exactOptional(),
})

const leaderboardLine = z.object({
  trialId: z.string(),
  algorithm: z.enum(algorithmNames),
  metric: z.enum([...metricNames, 'pinball', 'poissonDeviance', 'mape']),
  loss: z.number().exactOptional(),
  spread: z.number().exactOptional(),
  on: z.literal('out-of-fold'),
  rung: z.int(),
  iterations: z.int().exactOptional(),
  fitMs: z.int(),
  sizeBytes: z.int().exactOptional(),
  weight: z.number().exactOptional(),
  latencyMs: z.number().exactOptional(),
  failure: z.string().exactOptional(),
})

export const runBegunAnswer = z.object({ id: z.string(), state: runState, joined: z.boolean() })

// Apart from the request itself: what came has its defaults filled in, and two schemas have two names.
export const runRequestAnswer = runRequestSchema.unwrap().readonly()

export const runAnswer = z.object({
  id: z.string(),
  model: z.string(),
  dataset: z.string(),
  datasetVersion: z.int(),
  target: z.string(),
  request: runRequestAnswer,
  reason: runReasonAnswer.exactOptional(),
  state: runState,
  attempt: z.int(),
  step: runStep.exactOptional(),
  engine: engine.exactOptional(),
  progress: progress.exactOptional(),
  spentMs: z.int().exactOptional(),
  failure: z.object({ code: errorCode, cause: z.string(), step: runStep }).exactOptional(),
  gate: z.object({ verdict: z.enum(['passed', 'rejected']), reason: z.string() }).exactOptional(),
  metrics: z.record(z.string(), z.number()).exactOptional(),
  leaderboard: z.array(leaderboardLine).exactOptional(),
  version: z.int().exactOptional(),
  promoted: z.boolean().exactOptional(),
  createdAt: time,
  endedAt: time.exactOptional(),
})

export const runsAnswer = pageOf('runs', runAnswer)

const eventFields = { sequence: z.int(), at: time }

const runEvent = z.union([
  z.object({ ...eventFields, kind: z.literal('step'), step: runStep }),
  z.object({ ...eventFields, kind: z.literal('notice'), text: z.string() }),
  z.object({ ...eventFields, kind: z.literal('engine'), text: z.string() }),
  z.object({ ...eventFields, kind: z.literal('progress'), trialId: z.string(), progress }),
  z.object({ ...eventFields, kind: z.literal('ended'), state: runState, reason: z.string().exactOptional() }),
])

/** `next` is there on the last page too: whoever follows a run asks on from it. */
export const runEventsAnswer = z.object({ events: z.array(runEvent), next: z.string() })

export const leaderboardAnswer = z.object({ trials: z.array(leaderboardLine) })
