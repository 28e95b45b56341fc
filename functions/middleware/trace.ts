import type { RequestHeaders } from '../../src/ports.ts'
import { parseTraceparent, type Traceparent, traceIdOfXray } from '../../src/traceparent.ts'

const traceIdBytes = 16
const spanIdBytes = 8
const notRecorded = '00'

const randomHex = (bytes: number): string => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex')

/** A new span of the caller's trace; of the invocation's own trace where the caller names none. */
export const spanOf = ({ traceparent }: RequestHeaders): Traceparent => {
  const caller = parseTraceparent(traceparent)
  const spanId = randomHex(spanIdBytes)
  if (caller) return { ...caller, spanId }
  // Lambda sets it anew for each invocation.
  const traceId = traceIdOfXray(process.env._X_AMZN_TRACE_ID) ?? randomHex(traceIdBytes)
  return { traceId, spanId, flags: notRecorded }
}
