import { type DatasetVersion, unknownDataset } from '../dataset/dataset.ts'
import { PercallError } from '../errors.ts'
import { beginRun, checkFits, samenessOf } from '../run/begin-run.ts'
import type { RunRequest } from '../run/request.ts'
import type { Run, RunReason } from '../run/run.ts'
import { runId, runIdRandomBytes } from '../run/run-id.ts'
import type { Outcome } from './arrival.ts'
import { againstSame, decide, type Facts, type Skip } from './decide.ts'
import type { Trigger } from './trigger.ts'

/** What a trigger did about one reason: kept, whether it started a run or not. */
export type Decision = {
  readonly model: string
  /** Made from the reason, so that the same reason is decided once; it sorts by the reason's time. */
  readonly id: string
  readonly atMs: number
  readonly reason: RunReason
} & (
  | { readonly kind: 'start'; readonly runId: string; readonly datasetVersion: number }
  | { readonly kind: 'skip'; readonly skip: Skip; readonly why: string }
)

export type ConsiderPorts = {
  readonly findDecision: (model: string, id: string) => Promise<Decision | undefined>
  /** Keeps it unless one of its id is there; answers the one that is kept. */
  readonly keepDecision: (decision: Decision) => Promise<Decision>
  readonly replaceDecision: (decision: Decision) => Promise<void>
  readonly latestDatasetVersion: (dataset: string) => Promise<DatasetVersion | undefined>
  readonly findDatasetVersion: (dataset: string, number: number) => Promise<DatasetVersion | undefined>
  readonly findRun: (id: string) => Promise<Run | undefined>
  readonly findSameRun: (same: string) => Promise<Run | undefined>
  readonly createRun: (run: Run, fresh: boolean) => Promise<Run>
  readonly startExecution: (run: Run) => Promise<void>
  readonly newRunId: () => string
  readonly hash: (text: string) => string
  readonly nowMs: () => number
}

/** What may start a run: its reason, since when, and for an object what became of it. */
export type Cause = { readonly reason: RunReason; readonly atMs: number; readonly outcome?: Outcome }

/** The digits of the cause's hash that runId takes as random bytes. */
const decisionId = ({ hash }: ConsiderPorts, { model }: Trigger, { reason, atMs }: Cause): string => {
  const of = reason.kind === 'dataset' ? [reason.key, reason.versionId, reason.writtenAt] : [reason.dueAt]
  const digest = hash(JSON.stringify([model, reason.kind, ...of]))
  const bytes = Uint8Array.from({ length: runIdRandomBytes }, (_, i) =>
    Number.parseInt(digest.slice(2 * i, 2 * i + 2), 16),
  )
  return runId(atMs, bytes)
}

const misfitOf = (request: RunRequest, version: DatasetVersion): string | undefined => {
  try {
    checkFits(request, version)
    return undefined
  } catch (thrown) {
    if (thrown instanceof PercallError) return thrown.message
    throw thrown
  }
}

const factsOf = async (ports: ConsiderPorts, trigger: Trigger, { outcome }: Cause): Promise<Facts> => {
  const { enabled, request } = trigger
  const { dataset, fresh } = request
  const known = { enabled, fresh, ...(outcome && { outcome }) }
  if (outcome && outcome.kind !== 'version') return known
  const version = outcome
    ? await ports.findDatasetVersion(dataset, outcome.datasetVersion)
    : await ports.latestDatasetVersion(dataset)
  if (!version) return known
  const { number: datasetVersion } = version
  const misfit = misfitOf(request, version)
  const same = await ports.findSameRun(samenessOf(ports, request, datasetVersion))
  return { ...known, datasetVersion, ...(misfit !== undefined && { misfit }), ...(same && { same }) }
}

const decideNow = async (ports: ConsiderPorts, trigger: Trigger, id: string, cause: Cause): Promise<Decision> => {
  const verdict = decide(await factsOf(ports, trigger, cause))
  const made = { model: trigger.model, id, atMs: ports.nowMs(), reason: cause.reason }
  return verdict.kind === 'start' ? { ...made, ...verdict, runId: ports.newRunId() } : { ...made, ...verdict }
}

/** Does what was decided. The decision names the run, so that one which died half-way is completed and never doubled. */
const act = async (ports: ConsiderPorts, trigger: Trigger, decision: Decision): Promise<Decision> => {
  if (decision.kind === 'skip') return decision
  const { runId: id, datasetVersion, reason } = decision
  const begun = await ports.findRun(id)
  if (begun) {
    if (begun.state === 'queued') await ports.startExecution(begun)
    return decision
  }
  const version = await ports.findDatasetVersion(trigger.request.dataset, datasetVersion)
  if (!version) throw unknownDataset(trigger.request.dataset, datasetVersion)
  const run = await beginRun(ports)(id, trigger.request, version, reason)
  if (run.id === id) return decision
  // Somebody asked for the same run since the facts were read.
  const { model, atMs } = decision
  const joined = { model, id: decision.id, atMs, reason, ...againstSame(run) }
  await ports.replaceDecision(joined)
  return joined
}

/** Decides once whether a reason starts a trigger's run, keeps the decision, and does it. */
export const consider =
  (ports: ConsiderPorts) =>
  async (trigger: Trigger, cause: Cause): Promise<Decision> => {
    const id = decisionId(ports, trigger, cause)
    const known = await ports.findDecision(trigger.model, id)
    return act(ports, trigger, known ?? (await ports.keepDecision(await decideNow(ports, trigger, id, cause))))
  }
