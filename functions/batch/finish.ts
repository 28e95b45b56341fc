import { batchEndingPorts } from '../../adapters/wiring/batch.ts'
import { batchState } from '../middleware/batch-state.ts'

const ports = batchEndingPorts()

/** Merges the results of all shards into one file and closes the chain. */
export const handler = batchState('finish', ports, async (batch) => {
  const ended = await ports.conclude(batch)
  return { state: ended?.state ?? batch.state }
})
