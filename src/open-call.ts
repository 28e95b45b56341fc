import type { AsyncCall, CallInput } from './async-call.ts'
import { PercallError } from './errors.ts'
import type { IdempotencyRecord, Keyed, Recorded, RecordedAnswer } from './idempotency.ts'
import { expiresOf } from './idempotency.ts'
import { type OpenReservationPorts, openReservation, type PutReservation } from './open-reservation.ts'
import type { Principal } from './principal.ts'
import type { Reservation } from './reservation.ts'

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
  /** Ends a call that no worker took up. */
  readonly abandon: (call: AsyncCall) => Promise<unknown>
}

export type CallToOpen = {
  readonly principal: Principal
  readonly model: string
  readonly body: Uint8Array
  /** Where the body lies already. */
  readonly input?: CallInput
  readonly make: (reservation: Reservation, input: CallInput) => AsyncCall
  readonly keyed?: Keyed
  /** The answer that says it was accepted, as it is recorded under the caller's key. */
  readonly accepted: (call: AsyncCall) => Omit<RecordedAnswer, 'callId'>
}

/**
 * Keeps the input, opens the chain with the call and the record of its key, and has a worker take it up.
 * Throws what openReservation throws, and NOT_READY when no worker took it: the call has ended free, or goes on when its key comes again.
 */
export const openCall =
  (ports: OpenCallPorts) =>
  async ({
    principal,
    model,
    body,
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
    const opened = await openReservation(ports)(principal, model, 'async', async (reservation) => {
      opening = await prepare(reservation)
      return await ports.putOpening(opening)(reservation)
    })
    if (opened.kind === 'recorded') return opened
    const call = opening?.call
    if (!call) throw new PercallError('INTERNAL', 'call: expected what its chain was opened with')
    try {
      await ports.startCall(call)
    } catch (cause) {
      if (!keyed) await ports.abandon(call)
      throw new PercallError('NOT_READY', `call ${call.id}: no worker took it up`, { cause })
    }
    return { kind: 'opened', call }
  }
