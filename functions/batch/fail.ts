import { batchEndingPorts } from '../../adapters/wiring/batch.ts'
import { batchFailure } from '../../src/batch/batch.ts'
import type { Caught } from '../../src/run/failure.ts'
import { type BatchEvent, batchState } from '../middleware/batch-state.ts'

type Event = BatchEvent & { readonly failure: Caught<string> }

const ports = batchEndingPorts()

/** Ends a batch by what a state threw; what was charged stays charged, and its results can be read. */
export const handler = batchState('fail', ports, async (batch, { failure }: Event) => {
  await ports.conclude(batch, batchFailure(failure))
  return {}
})
