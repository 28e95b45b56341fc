import { workPorts } from '../adapters/wiring/calls.ts'
import { PercallError } from '../src/errors.ts'
import { problemBody } from '../src/problem-body.ts'
import { observed } from './middleware/observed.ts'
import type { WorkEvent } from './predict/work.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
type Destination = { readonly requestPayload: WorkEvent; readonly requestContext: { readonly condition: string } }

const ports = workPorts()

/** Ends a call whose every attempt failed or that waited too long; a call whose row was written has succeeded all the same. */
export const handler = observed<Destination, void>(
  'call-failed',
  async ({ requestPayload: place, requestContext: { condition } }) => {
    const call = await ports.readCall(place)
    if (!call) return
    const problem = new PercallError('INTERNAL', `call ${call.id}: no attempt could complete it (${condition})`)
    await ports.endCall(call, 'failed', problemBody(problem, call.requestId))
  },
  ({ requestPayload: { id } }) => ({ callId: id }),
)
