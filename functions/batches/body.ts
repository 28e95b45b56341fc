import type { Batch } from '../../src/batch/batch.ts'
import { countRows, type ShardProgress, settledCost } from '../../src/batch/progress.ts'
import { formatNano } from '../../src/billing/money.ts'

export const batchPath = (id: string): string => `/v1/batches/${id}`

const iso = (ms: number): string => new Date(ms).toISOString()

/** How far a batch is: its own sums once it has ended, those of its shards before. */
const progressOf = ({ rows, shards, totals }: Batch, done: readonly ShardProgress[]) => {
  const { rowsSucceeded, rowsFailed } = totals ?? countRows(done)
  return {
    ...(rows !== undefined && { rows }),
    rowsSucceeded,
    rowsFailed,
    ...(shards !== undefined && { shards }),
    ...(!totals && { shardsDone: done.length }),
  }
}

/** A batch as its caller sees it. */
export const batchBody = (batch: Batch, done: readonly ShardProgress[] = []) => {
  const { id, model, version, state, upload, format, output, totals, failure, createdAtMs, endedAtMs } = batch
  const { units, costNano } = totals ?? settledCost(done)
  return {
    id,
    state,
    model,
    version,
    input: upload,
    format,
    output,
    progress: progressOf(batch, done),
    units,
    cost: formatNano(costNano),
    ...(failure && { failure }),
    createdAt: iso(createdAtMs),
    ...(endedAtMs !== undefined && { endedAt: iso(endedAtMs) }),
    links: { result: `${batchPath(id)}/result`, errors: `${batchPath(id)}/errors` },
  }
}

/** The body of a 202. */
export const acceptedText = (batch: Batch): string => JSON.stringify(batchBody(batch))
