import * as z from 'zod'
import { PercallError } from '../errors.ts'
import { requireName } from '../registry/model.ts'
import { parseRunRequest, type RunRequest, runRequestSchema } from '../run/request.ts'
import { firstDue } from './schedule.ts'

/** What starts runs of a model by itself, and the run that it starts. */
export type Trigger = {
  readonly model: string
  /** Its dataset version is the one that the cause brings. */
  readonly request: RunRequest
  /** Whether a new object among the dataset's incoming ones starts a run. */
  readonly onDataset: boolean
  /** In UTC, as EventBridge writes it. */
  readonly schedule?: string
  /** Absent where there is no schedule, or none of its times is to come. */
  readonly nextDueAtMs?: number
  readonly enabled: boolean
  readonly createdAtMs: number
  /** It begins at the time of creation, so that one made anew after a removal has none of the earlier one's. */
  readonly revision: number
}

export const triggerSchema = z.strictObject({
  /** As POST /api/runs takes it, without model and datasetVersion. */
  run: runRequestSchema.unwrap().omit({ model: true, datasetVersion: true }),
  onDataset: z.boolean().default(false),
  schedule: z.string().max(256).optional(),
  enabled: z.boolean().default(true),
})

type TriggerBody = z.output<typeof triggerSchema>

/**
 * The trigger that an owner asks for, in place of the one `before`; a schedule that stays keeps its next due time.
 * Throws BAD_REQUEST, BAD_SCHEDULE, BAD_RUN, BAD_NAME.
 */
export const triggerOf = (
  model: string,
  { run, onDataset, schedule, enabled }: TriggerBody,
  before: Trigger | undefined,
  nowMs: number,
): Trigger => {
  const request = parseRunRequest({ ...run, model: requireName('model', model) })
  if (!onDataset && schedule === undefined)
    throw new PercallError('BAD_REQUEST', 'trigger: expected onDataset true, a schedule, or both; got neither')
  const due = schedule !== undefined && firstDue(schedule, nowMs)
  const stays = before?.nextDueAtMs !== undefined && before.schedule === schedule
  return {
    model,
    request,
    onDataset,
    ...(schedule !== undefined && due && { schedule, nextDueAtMs: stays ? before.nextDueAtMs : due }),
    enabled,
    createdAtMs: before?.createdAtMs ?? nowMs,
    revision: before ? before.revision + 1 : nowMs,
  }
}

export const unknownTrigger = (model: string): PercallError =>
  new PercallError('UNKNOWN_TRIGGER', `trigger of model ${model}: none is kept`)
