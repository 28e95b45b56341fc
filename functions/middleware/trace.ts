import { sendSegment, xrayDaemon, xrayHeader } from '../../adapters/aws/xray.ts'
import type { RequestHeaders } from '../../src/ports.ts'
import { parseTraceparent, type Traceparent, traceIdOfXray } from '../../src/traceparent.ts'
import { subsegmentDocument } from '../../src/xray.ts'
import type { Line } from './telemetry.ts'

const notRecorded = '00'

const traceDigits = 32
const spanDigits = 16

// Drawn for many spans at once: getRandomValues takes 5 us a time, a UUID of Node's store and its digits 1.2.
const drawn = new Uint8Array(4096)
let digits = ''
let used = 0

const randomHex = (length: number): string => {
  if (used + length > digits.length) {
    digits = Buffer.from(crypto.getRandomValues(drawn).buffer).toString('hex')
    used = 0
  }
  used += length
  return digits.slice(used - length, used)
}

/** A new span of the caller's trace; of the invocation's own trace where the caller names none. */
export const spanOf = ({ traceparent }: RequestHeaders): Traceparent => {
  const caller = parseTraceparent(traceparent)
  const spanId = randomHex(spanDigits)
  if (caller) return { ...caller, spanId }
  // Lambda sets it anew for each invocation.
  const traceId = traceIdOfXray(xrayHeader()) ?? randomHex(traceDigits)
  return { traceId, spanId, flags: notRecorded }
}

const annotationsOf = (service: string, { figures, errorType }: Line) => ({
  service,
  cold_start: figures['faas.coldstarts'] === 1,
  ...(errorType !== undefined && { code: errorType }),
  ...(figures['percall.calls'] !== undefined && {
    load_ms: figures['percall.call.load.duration'] ?? 0,
    infer_ms: figures['percall.call.infer.duration'] ?? 0,
  }),
})

/**
 * Tells X-Ray of an invocation that it records: docs/decisions/0020. Does nothing for others, and where there is no
 * daemon; undefined where nothing is to be waited for.
 */
export const trace = (service: string, line: Line, durationMs: number): Promise<void> | undefined => {
  const daemon = xrayDaemon()
  if (daemon === undefined) return undefined
  const header = xrayHeader()
  const endedAtMs = Date.now()
  const document = subsegmentDocument(header, {
    name: `## ${service}`,
    id: randomHex(spanDigits),
    beganAtMs: endedAtMs - durationMs,
    endedAtMs,
    ended: line.figures['faas.errors'] === 1 ? 'fault' : line.errorType === undefined ? 'ok' : 'error',
    annotations: annotationsOf(service, line),
  })
  return document === undefined ? undefined : sendSegment(daemon, document)
}
