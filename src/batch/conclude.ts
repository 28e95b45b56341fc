import { zeroNano } from '../billing/money.ts'
import type { ReservedSlot } from '../ledger/reservation.ts'
import type { Batch, BatchFailure, BatchState, BatchTotals } from './batch.ts'
import {
  type BatchPlan,
  chargedRows,
  countRows,
  type ShardProgress,
  type ShardResult,
  settledCost,
} from './progress.ts'

export type ConcludePorts = {
  readonly nowMs: () => number
  /** Closes the chain of a batch; its slots cannot change any more. */
  readonly close: (reservation: Batch['reservation']) => Promise<readonly ReservedSlot[]>
  readonly findPlan: (batch: Batch) => Promise<BatchPlan | undefined>
  readonly listProgress: (id: string) => Promise<readonly ShardProgress[]>
  readonly findResult: (batch: Batch, number: number) => Promise<ShardResult | undefined>
  readonly mergeResults: (batch: Batch, header: string | undefined, keys: readonly string[]) => Promise<void>
  readonly changeBatch: (
    batch: Batch,
    change: Partial<Pick<Batch, 'state' | 'failure' | 'totals' | 'endedAtMs'>>,
    ifOpen: boolean,
  ) => Promise<Batch | undefined>
}

export type Ending = { readonly state: BatchState; readonly failure?: BatchFailure }

/** Of each charged shard, from its object where its worker died before it could tell. */
const deliveredResults = async (
  { listProgress, findResult }: ConcludePorts,
  batch: Batch,
  charged: ReadonlySet<number>,
): Promise<readonly (ShardResult & Partial<Pick<ShardProgress, 'failure'>>)[]> => {
  const known = new Map((await listProgress(batch.id)).map((shard) => [shard.number, shard]))
  const results = await Promise.all(
    [...charged].sort((a, b) => a - b).map((number) => known.get(number) ?? findResult(batch, number)),
  )
  return results.filter((result) => result !== undefined)
}

/** How a batch ended whose shards were all tried: it failed where one was never charged, or where none could be answered. */
const endingOf = (plan: BatchPlan | undefined, results: readonly Partial<Pick<ShardProgress, 'failure'>>[]): Ending => {
  const failures = results.flatMap(({ failure }) => (failure ? [failure] : []))
  if (plan && results.length === plan.shards && failures.length < plan.shards) return { state: 'succeeded' }
  const lost = {
    code: 'INTERNAL',
    cause: `${(plan?.shards ?? 0) - results.length} shards could not be completed`,
  } as const
  return { state: 'failed', failure: failures[0] ?? lost }
}

/**
 * Ends a batch: closes its chain, merges the results of the shards that were charged, in input order, and keeps its sums.
 * May be repeated, after a crash too. `failure` says why it ends early; one that was cancelled stays cancelled.
 */
export const concludeBatch =
  (ports: ConcludePorts) =>
  async (batch: Batch, failure?: BatchFailure): Promise<Batch | undefined> => {
    const rows = chargedRows(await ports.close(batch.reservation))
    const plan = await ports.findPlan(batch)
    const results = await deliveredResults(ports, batch, new Set(rows.map(({ number }) => number)))
    if (plan && results.length > 0)
      await ports.mergeResults(
        batch,
        plan.header,
        results.map(({ key }) => key),
      )
    const totals: BatchTotals = { ...countRows(results), ...settledCost(rows) }
    const ending: Ending = failure ? { state: 'failed', failure } : endingOf(plan, results)
    const ended = await ports.changeBatch(batch, { ...ending, totals, endedAtMs: ports.nowMs() }, true)
    return ended ?? ports.changeBatch(batch, { totals }, false)
  }

type UnsplitPorts = Pick<ConcludePorts, 'nowMs' | 'changeBatch'> & {
  readonly closeUnsplit: (reservation: Batch['reservation']) => Promise<boolean>
}

const nothing: BatchTotals = { rowsSucceeded: 0, rowsFailed: 0, units: 0, costNano: zeroNano }

/**
 * Ends a batch that has no shards yet, free: its chain is closed, so that none ever starts. Undefined when it has some: then the
 * end of its execution ends it. A batch that has ended keeps how it ended.
 */
export const endUnsplit =
  ({ nowMs, changeBatch, closeUnsplit }: UnsplitPorts) =>
  async (batch: Batch, ending: Ending): Promise<Batch | undefined> => {
    if (!(await closeUnsplit(batch.reservation))) return undefined
    const ended = await changeBatch(batch, { ...ending, totals: nothing, endedAtMs: nowMs() }, true)
    return ended ?? changeBatch(batch, { totals: nothing }, false)
  }
