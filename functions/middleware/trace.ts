import type { RequestHeaders } from '../../src/ports.ts'
import { parseTraceparent, type Traceparent, traceIdOfXray } from '../../src/traceparent.ts'

const spanDigits = 16
const notRecorded = '00'

// 122 random bits in 32 digits, never all zero; Node keeps them ready, where getRandomValues takes 5 us.
const randomHex = (): string => crypto.randomUUID().replaceAll('-', '')

/** A new span of the caller's trace; of the invocation's own trace where the caller names none. */
export const spanOf = ({ traceparent }: RequestHeaders): Traceparent => {
  const caller = parseTraceparent(traceparent)
  const spanId = randomHex().slice(0, spanDigits)
  if (caller) return { ...caller, spanId }
  // Lambda sets it anew for each invocation.
  const traceId = traceIdOfXray(process.env._X_AMZN_TRACE_ID) ?? randomHex()
  return { traceId, spanId, flags: notRecorded }
}
