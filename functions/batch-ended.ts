import type { EventBridgeEvent } from 'aws-lambda'
import { batchEndingPorts } from '../adapters/wiring/batch.ts'
import { endedFailure } from '../src/run/failure.ts'
import { type BatchEvent, batchState } from './middleware/batch-state.ts'
import type { Invocation } from './middleware/observed.ts'

type Detail = { readonly status: string; readonly input: string }

const ports = batchEndingPorts()

const end = batchState('ended', ports, async (batch, { status }: BatchEvent & { readonly status: string }) => {
  const { code, cause } = endedFailure('batch', status, 'batch')
  await ports.conclude(batch, batch.failure ?? { code, cause })
  return {}
})

/** Closes a batch whose execution was stopped, ran out of time or crashed: a cancelled one, above all. */
export const handler = ({ detail }: EventBridgeEvent<string, Detail>, context: Invocation): Promise<object> =>
  end({ ...JSON.parse(detail.input), status: detail.status }, context)
