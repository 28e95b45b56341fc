import type { Principal } from '../access/principal.ts'
import type { Price, Quantities } from '../billing/price.ts'
import { PercallError } from '../errors.ts'
import { type OpenReservationPorts, openReservation, type PutReservation } from '../ledger/open-reservation.ts'
import { mostCost, type Reservation } from '../ledger/reservation.ts'
import type { AsyncCall, CallInput } from './async-call.ts'
import type { IdempotencyRecord, Keyed, Recorded, RecordedAnswer } from './idempotency.ts'
import { expiresOf } from './idempotency.ts'

/** What begins with a call's chain, in one transaction. */
export type CallOpening = {
  readonly call: AsyncCall
  readonly record?: { readonly record: IdempotencyRecord; readonly nowMs: number }
}

export type OpenCallPorts = OpenReservationPorts & {
  readonly putInput: (consumerId: string, id: string, bytes: Uint8Array) => Promise<CallInput>
  readonly putOpening: (opening: CallOpening) => PutReservation
  /** Has a worker take up the call. */
  readonly startCall: (call: Pick<AsyncCall, 'consumerId' | 'id'>) => Promise<void>
  /** Ends a call unless a worker has charged it. -> the call as it ended */
  readonly abandon: (call: AsyncCall) => Promise<AsyncCall>
}

export type CallToOpen = {
  readonly principal: Principal
  readonly model: string
  readonly body: Uint8Array
  /** The most that it may use. */
  readonly most: Quantities
  /** Where the body lies already. */
  readonly input?: CallInput
  readonly make: (reservation: Reservation, input: CallInput) => AsyncCall
  readonly keyed?: Keyed
  /** The answer that says it was accepted, as it is recorded under the caller's key. */
  readonly accepted: (call: AsyncCall) => Omit<RecordedAnswer, 'callId'>
}

export const notTaken = (id: string, cause?: unknown): PercallError =>
  new PercallError('NOT_READY', `call ${id}: no worker took it up, and it is free`, { cause })

/** The event may have landed: a worker may be at the call, and charge it. */
export const unknownStart = (id: string, cause: unknown): PercallError =>
  new PercallError('OUTCOME_UNKNOWN', `call ${id}: there was no answer whether a worker took it up`, { cause })

/** Ends a call whose start had no answer. -> the call, where a worker has charged it before. Throws NOT_READY: it ended free. */
const abandoned = async ({ abandon }: OpenCallPorts, call: AsyncCall, cause: unknown): Promise<AsyncCall> => {
  const ended = await abandon(call).catch(() => {
    throw unknownStart(call.id, cause)
  })
  if (ended.state === 'succeeded') return ended
  throw notTaken(call.id, cause)
}

/**
 * Keeps the input, opens the chain with the call and the record of its key, and has a worker take it up.
 * Throws what openReservation throws, NOT_READY when no worker took it and it has ended free, and OUTCOME_UNKNOWN when one may
 * have taken it: with a key it goes on when that comes again.
 */
export const openCall =
  (ports: OpenCallPorts) =>
  async ({
    principal,
    model,
    body,
    most,
    input,
    make,
    keyed,
    accepted,
  }: CallToOpen): Promise<{ readonly kind: 'opened'; readonly call: AsyncCall } | Recorded> => {
    let opening: CallOpening | undefined
    const nowMs = ports.now()
    const prepare = async (reservation: Reservation): Promise<CallOpening> => {
      if (opening?.call.id === reservation.id) return opening
      const kept = input ?? (await ports.putInput(reservation.consumerId, reservation.id, body))
      const call = make(reservation, kept)
      if (!keyed) return { call }
      const answer = { ...accepted(call), callId: call.id }
      return { call, record: { record: { ...keyed, model, nonce: call.id, expires: expiresOf(nowMs), answer }, nowMs } }
    }
    const toReserve = {
      principal,
      model,
      origin: 'async',
      mostCost: (price?: Price) => mostCost('async', price, most),
    } as const
    const opened = await openReservation(ports)(toReserve, async (reservation, lease) => {
      opening = await prepare(reservation)
      return await ports.putOpening(opening)(reservation, lease)
    })
    if (opened.kind === 'recorded') return opened
    const call = opening?.call
    if (!call) throw new PercallError('INTERNAL', 'call: expected what its chain was opened with')
    try {
      await ports.startCall(call)
    } catch (cause) {
      if (keyed) throw unknownStart(call.id, cause)
      return { kind: 'opened', call: await abandoned(ports, call, cause) }
    }
    return { kind: 'opened', call }
  }
