import { incomingDataset, type Written } from './arrival.ts'
import { type BringPorts, bring } from './bring.ts'
import { type ConsiderPorts, consider, type Decision } from './consider.ts'
import { dueNow } from './schedule.ts'
import type { Trigger } from './trigger.ts'

type ListTriggers = { readonly listTriggers: () => Promise<readonly Trigger[]> }

/** One trigger's fault does not keep the others waiting; the event comes again for it. */
const each = async (
  triggers: readonly Trigger[],
  work: (trigger: Trigger) => Promise<Decision | undefined>,
): Promise<readonly Decision[]> => {
  const decisions: Decision[] = []
  const faults: unknown[] = []
  for (const trigger of triggers) {
    try {
      const decision = await work(trigger)
      if (decision) decisions.push(decision)
    } catch (thrown) {
      faults.push(thrown)
    }
  }
  if (faults.length > 0) throw faults[0]
  return decisions
}

const isoTime = (ms: number): string => new Date(ms).toISOString()

/** A new object among a dataset's incoming ones: a dataset version, and the runs of the triggers that wait for it. */
export const onObject =
  (ports: BringPorts & ConsiderPorts & ListTriggers) =>
  async (written: Written): Promise<readonly Decision[]> => {
    const dataset = incomingDataset(written.key)
    if (dataset === undefined) return []
    const { key, versionId, atMs, outcome } = await bring(ports)(dataset, written)
    const reason = {
      kind: 'dataset',
      key,
      ...(versionId !== undefined && { versionId }),
      writtenAt: isoTime(atMs),
    } as const
    const triggers = await ports.listTriggers()
    const waiting = triggers.filter(({ onDataset, request }) => onDataset && request.dataset === dataset)
    return each(waiting, (trigger) => consider(ports)(trigger, { reason, atMs, outcome }))
  }

/** Starts what is due: one run for each trigger at most, also after a pause in which several due times passed. */
export const onTick =
  (
    ports: ConsiderPorts &
      ListTriggers & {
        /** Leaves a trigger alone that was changed meanwhile. */
        readonly moveDue: (trigger: Trigger, nextDueAtMs: number | undefined) => Promise<void>
      },
  ) =>
  async (): Promise<readonly Decision[]> => {
    const nowMs = ports.nowMs()
    return each(await ports.listTriggers(), async (trigger) => {
      const { schedule, nextDueAtMs } = trigger
      const due = schedule !== undefined && nextDueAtMs !== undefined && dueNow(schedule, nextDueAtMs, nowMs)
      if (!due) return undefined
      const reason = { kind: 'schedule', dueAt: isoTime(due.dueAtMs), missed: due.missed } as const
      const decision = await consider(ports)(trigger, { reason, atMs: due.dueAtMs })
      await ports.moveDue(trigger, due.nextDueAtMs)
      return decision
    })
  }
