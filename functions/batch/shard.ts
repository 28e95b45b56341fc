import { shardInferPorts } from '../../adapters/wiring/batch-infer.ts'
import type { Shard } from '../../src/batch/progress.ts'
import { workShard } from '../../src/batch/work-shard.ts'
import type { Caught } from '../../src/run/failure.ts'
import { type BatchEvent, batchState } from '../middleware/batch-state.ts'
import { chargedFigures } from '../middleware/call-figures.ts'

type Event = BatchEvent & { readonly shard: Shard; readonly failure?: Omit<Caught, 'step'> }

const ports = shardInferPorts()
const work = workShard(ports)

/** Answers the rows of one shard, keeps the result, then charges it; with `failure` it gives its rows up instead. */
export const handler = batchState(
  'shard',
  ports,
  (batch, { shard, failure }: Event) => work(batch, shard, failure),
  (worked) => (worked.charged ? chargedFigures(worked.costNano) : {}),
)
