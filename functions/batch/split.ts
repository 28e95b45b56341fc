import { splitPorts } from '../../adapters/wiring/batch.ts'
import { batchEnded, requireWithin } from '../../src/batch/batch.ts'
import { batchState } from '../middleware/batch-state.ts'

const ports = splitPorts()

/** Cuts the file into shards and fixes their number; a second split uses what the first one wrote. */
export const handler = batchState('split', ports, async (batch) => {
  if (!(await ports.changeBatch(batch, { state: 'running' }, true))) throw batchEnded(batch)
  const known = await ports.findPlan(batch)
  const plan = known ?? (await ports.fixPlan(batch, await ports.splitFile(batch, await ports.resolve(batch))))
  requireWithin(batch, plan.rows)
  const fixed = await ports.fixShards(batch.reservation, plan.shards)
  if (fixed.kind === 'closed') throw batchEnded(batch)
  await ports.changeBatch(batch, { rows: plan.rows, shards: plan.shards }, true)
  return { itemsKey: plan.itemsKey }
})
