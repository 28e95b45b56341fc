import { sendSegment, xrayDaemon, xrayHeader } from '../../adapters/xray.ts'
import type { RequestHeaders } from '../../src/ports.ts'
import { parseTraceparent, type Traceparent, traceIdOfXray } from '../../src/traceparent.ts'
import { subsegmentDocument } from '../../src/xray.ts'
import type { Line } from './telemetry.ts'

const notRecorded = '00'

// 122 random bits in 32 digits, never all zero; Node keeps them ready, where getRandomValues takes 5 us.
const randomHex = (): string => crypto.randomUUID().replaceAll('-', '')

/** 16 of its digits, among them none that is the same in every UUID. */
const randomSpan = (): string => {
  const uuid = crypto.randomUUID()
  return uuid.slice(0, 8) + uuid.slice(-8)
}

/** A new span of the caller's trace; of the invocation's own trace where the caller names none. */
export const spanOf = ({ traceparent }: RequestHeaders): Traceparent => {
  const caller = parseTraceparent(traceparent)
  const spanId = randomSpan()
  if (caller) return { ...caller, spanId }
  // Lambda sets it anew for each invocation.
  const traceId = traceIdOfXray(xrayHeader()) ?? randomHex()
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

/** Tells X-Ray of an invocation that it records: docs/decisions/0020. Does nothing for others, and where there is no daemon. */
export const trace = async (service: string, line: Line, durationMs: number): Promise<void> => {
  const daemon = xrayDaemon()
  if (daemon === undefined) return
  const header = xrayHeader()
  const endedAtMs = Date.now()
  const document = subsegmentDocument(header, {
    name: `## ${service}`,
    id: randomSpan(),
    beganAtMs: endedAtMs - durationMs,
    endedAtMs,
    ended: line.figures['faas.errors'] === 1 ? 'fault' : line.errorType === undefined ? 'ok' : 'error',
    annotations: annotationsOf(service, line),
  })
  if (document !== undefined) await sendSegment(daemon, document)
}
