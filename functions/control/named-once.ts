import type { ControlPorts } from '../../adapters/wiring/control.ts'
import { parseIdempotencyKey } from '../../src/call/idempotency.ts'
import type { RouteRequest } from '../route.ts'

/** The id of what a request makes. A key names it for good: a repetition makes no second one, however late it comes. */
export const namedOnce = ({ headers }: RouteRequest, ports: ControlPorts, nowMs: number) => {
  const header = headers['idempotency-key']
  return header === undefined
    ? { id: ports.newCreditId(nowMs), keyed: false }
    : { id: `key-${ports.sha256(parseIdempotencyKey(header))}`, keyed: true }
}
