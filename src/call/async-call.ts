import { PercallError } from '../errors.ts'
import type { Reservation } from '../ledger/reservation.ts'
import type { RequestHeaders } from '../ports.ts'

export type CallState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

export const openStates: readonly CallState[] = ['queued', 'running']

/** Where the bytes of a request lie. */
export type CallInput = { readonly key: string; readonly versionId?: string }

/** A request as it came, less its body, and the route that reads it. */
export type CallRequest = {
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: string
  readonly headers: RequestHeaders
  readonly input: CallInput
}

/** A call that is answered later. What its slot holds decides; `state` follows it. */
export type AsyncCall = {
  readonly id: string
  readonly consumerId: string
  readonly state: CallState
  readonly model: string
  /** Fixed at 202, whatever its alias does later. */
  readonly version: number
  readonly requestId: string
  readonly request: CallRequest
  readonly reservation: Reservation
  readonly createdAtMs: number
  readonly startedAtMs?: number
  readonly endedAtMs?: number
  /** Status and headers of the answer, whose body lies beside the input. */
  readonly answer?: { readonly status: number; readonly headers: Readonly<Record<string, string>> }
  /** Why it failed: the body that a call answered at once would have had. */
  readonly problem?: Readonly<Record<string, unknown>> & { readonly status: number }
  /** Seconds since 1970, when DynamoDB may delete it. */
  readonly expires: number
}

const lifeSeconds = 2 * 24 * 3600

export const callExpires = (nowMs: number): number => Math.ceil(nowMs / 1000) + lifeSeconds

/** DynamoDB deletes expired items days late: whether one is kept is decided by its time. */
export const isKept = ({ expires }: Pick<AsyncCall, 'expires'>, nowMs: number): boolean => expires * 1000 > nowMs

/** Also for another consumer's id: a refusal must not tell which ids are taken. */
export const unknownCall = (id: string): PercallError => new PercallError('UNKNOWN_CALL', `call ${id}: none is kept`)

export const inputKey = (consumerId: string, id: string): string => `calls/${consumerId}/${id}/input`
export const resultKey = (consumerId: string, id: string): string => `calls/${consumerId}/${id}/result`

// What a route reads of a request; the rest stays with the gateway.
const kept = ['content-type', 'content-encoding', 'inference-header-content-length', 'accept', 'accept-encoding']

export const keptHeaders = (headers: RequestHeaders): RequestHeaders =>
  Object.fromEntries(kept.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])))

/** Nobody ended it in time: whoever finds it so does. */
export const isOverdue = ({ state, reservation }: AsyncCall, nowMs: number): boolean =>
  openStates.includes(state) && nowMs > reservation.deadlineMs

const iso = (ms: number): string => new Date(ms).toISOString()

/** A call as its caller sees it. */
export const callView = ({
  id,
  state,
  model,
  version,
  createdAtMs,
  startedAtMs,
  endedAtMs,
  answer,
  problem,
}: AsyncCall) => ({
  id,
  state,
  model,
  version,
  createdAt: iso(createdAtMs),
  ...(startedAtMs !== undefined && { startedAt: iso(startedAtMs) }),
  ...(endedAtMs !== undefined && { endedAt: iso(endedAtMs) }),
  ...(answer && {
    units: Number(answer.headers['percall-units']),
    cost: answer.headers['percall-cost'],
    result: `/v1/calls/${id}/result`,
  }),
  ...(problem && { error: problem }),
})
