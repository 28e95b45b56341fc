import type { Nano } from '../billing/money.ts'
import type { Usage } from '../call/charge.ts'
import type { Deployed } from '../call/deployed.ts'
import type { Reservation } from '../ledger/reservation.ts'
import type { UsageRow } from '../ledger/usage-row.ts'
import type { Infer } from '../ports.ts'
import type { Caught } from '../run/failure.ts'
import { abandonShard, answerShard, type ShardAnswer } from './answer-shard.ts'
import { type Batch, batchEnded, batchFailure, isOpenBatch } from './batch.ts'
import type { BatchPlan, Shard, ShardProgress, ShardResult } from './progress.ts'

export type WorkShardPorts = {
  readonly nowMs: () => number
  readonly infer: Infer
  readonly resolve: (batch: Batch) => Promise<Deployed>
  readonly findPlan: (batch: Batch) => Promise<BatchPlan | undefined>
  readonly findResult: (batch: Batch, number: number) => Promise<ShardResult | undefined>
  readonly keepResult: (batch: Batch, number: number, answer: ShardAnswer) => Promise<ShardResult>
  readonly readLines: (key: string) => Promise<readonly string[]>
  readonly chargeSlot: (
    reservation: Reservation,
    number: number,
    usage: Usage,
  ) => Promise<{ readonly kind: 'charged'; readonly row: UsageRow } | { readonly kind: 'closed' }>
  readonly putProgress: (batch: Pick<Batch, 'id' | 'expires'>, progress: ShardProgress) => Promise<void>
}

/** `charged`: false where its chain was closed before. */
export type WorkedShard = { readonly charged: true; readonly costNano: Nano } | { readonly charged: false }

type Failure = Omit<Caught, 'step'>

const stepOf = (number: number): string => `shard ${number}`

const answer = async (ports: WorkShardPorts, batch: Batch, shard: Shard, failure?: Failure): Promise<ShardAnswer> => {
  const plan = await ports.findPlan(batch)
  if (!plan) throw new Error(`batch ${batch.id}: expected the plan of its split, got none`)
  const rows = await ports.readLines(shard.key)
  const work = { batch, plan, shard }
  if (failure) return abandonShard(work, rows, batchFailure({ step: stepOf(shard.number), ...failure }))
  return answerShard(ports.infer)(work, await ports.resolve(batch), rows)
}

/**
 * Answers one shard and charges it once, however often it is called: the result is kept first, if absent, then the row
 * with that result's count. A shard that meets a closed chain ends free, and its result is not delivered.
 * `failure` is what the last attempt died of: then each row of the shard is refused by it, and it costs nothing.
 */
export const workShard =
  (ports: WorkShardPorts) =>
  async (batch: Batch, shard: Shard, failure?: Failure): Promise<WorkedShard> => {
    const beganAtMs = ports.nowMs()
    if (!isOpenBatch(batch)) throw batchEnded(batch)
    const { number } = shard
    const known = await ports.findResult(batch, number)
    const result = known ?? (await ports.keepResult(batch, number, await answer(ports, batch, shard, failure)))
    const { model, version, requestId } = batch
    const durationMs = ports.nowMs() - beganAtMs
    const tokens = result.tokens !== undefined && { tokens: result.tokens }
    const usage = { model, version, rows: result.rowsSucceeded, ...tokens, durationMs, cold: false, requestId }
    const there = await ports.chargeSlot(batch.reservation, number, usage)
    if (there.kind === 'closed') return { charged: false }
    const { units, costNano } = there.row
    const given = failure && !known && { failure: batchFailure({ step: stepOf(number), ...failure }) }
    await ports.putProgress(batch, { number, ...result, units, costNano, ...given })
    return { charged: true, costNano }
  }
