import * as z from 'zod'
import { triggerSchema } from '../retrain/trigger.ts'
import { pageOf, time } from './common.ts'

/** Why a run was started by itself; absent where a person asked for it. */
export const runReasonAnswer = z.union([
  z.object({ kind: z.literal('dataset'), key: z.string(), versionId: z.string().exactOptional(), writtenAt: time }),
  z.object({ kind: z.literal('schedule'), dueAt: time, missed: z.int() }),
])

// Apart from the request itself: what came has its defaults filled in, and two schemas have two names.
export const triggerAnswer = z.object({
  model: z.string(),
  run: triggerSchema.shape.run.readonly(),
  onDataset: z.boolean(),
  schedule: z.string().exactOptional(),
  nextDueAt: time.exactOptional(),
  enabled: z.boolean(),
  createdAt: time,
})

export const triggersAnswer = pageOf('triggers', triggerAnswer)

const decisionFields = { id: z.string(), at: time, reason: runReasonAnswer }

const decisionAnswer = z.union([
  z.object({ ...decisionFields, kind: z.literal('start'), runId: z.string(), datasetVersion: z.int() }),
  z.object({
    ...decisionFields,
    kind: z.literal('skip'),
    skip: z.enum([
      'disabled',
      'file refused',
      'superseded',
      'same content',
      'no dataset version',
      'does not fit',
      'run is open',
      'run has succeeded',
    ]),
    why: z.string(),
  }),
])

export const decisionsAnswer = pageOf('decisions', decisionAnswer)

const outcomeAnswer = z.union([
  z.object({ kind: z.enum(['version', 'same']), datasetVersion: z.int() }),
  z.object({ kind: z.literal('refused'), why: z.string() }),
])

export const arrivalsAnswer = pageOf(
  'arrivals',
  z.object({ key: z.string(), versionId: z.string().exactOptional(), at: time, outcome: outcomeAnswer }),
)
