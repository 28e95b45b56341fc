import { PercallError } from '../errors.ts'
import type { PutSlot, ReadChain } from '../ledger/chain.ts'
import { callSlot, chargeSlot, finishReservation, type ReservedSlot, settleReservation } from '../ledger/reservation.ts'
import type { SettleLease } from '../ledger/settle-lease.ts'
import { type AsyncCall, type CallState, openStates } from './async-call.ts'
import type { Charge, Usage } from './charge.ts'
import { chargeHeaders } from './charge-headers.ts'
import type { Encoded } from './encoded.ts'

/** What is kept beside a result: enough to charge it and to send it. */
export type KeptResult = {
  readonly usage: Usage
  readonly headers: Readonly<Record<string, string>>
}

export type CallChange = Partial<Pick<AsyncCall, 'startedAtMs' | 'endedAtMs' | 'answer' | 'problem'>>

export type WorkPorts = {
  readonly putSlot: PutSlot<ReservedSlot>
  readonly readChain: ReadChain<ReservedSlot>
  readonly settleLease: SettleLease
  readonly newId: () => string
  readonly nowMs: () => number
  /** Puts a result if there is none yet, and answers what is kept beside the one that is there. */
  readonly keepResult: (call: AsyncCall, encoded: Encoded, usage: Usage) => Promise<KeptResult>
  /** What is kept beside the result; undefined when there is none. */
  readonly findResult: (call: AsyncCall) => Promise<KeptResult | undefined>
  /** Moves a call that is in one of these states; undefined when it is in another. */
  readonly moveCall: (
    call: Pick<AsyncCall, 'consumerId' | 'id'>,
    from: readonly CallState[],
    to: CallState,
    change: CallChange,
  ) => Promise<AsyncCall | undefined>
}

/** The chain was closed before the row came: the call ends free, and its result is not delivered. */
const endedBefore = (id: string): PercallError =>
  new PercallError('CALL_ENDED', `call ${id}: expected it to be running, it has ended`)

/** Charges a result that is kept, by the call's one slot, and says so in the call. Throws as `deliver`. */
export const chargeKept =
  (ports: WorkPorts) =>
  async (call: AsyncCall, kept: KeptResult): Promise<Charge> => {
    const charged = await chargeSlot(ports)(call.reservation, callSlot, kept.usage)
    const slots = charged.kind === 'charged' ? [charged.row] : []
    // What is not settled now is settled past its deadline.
    await settleReservation(ports)(call.reservation, slots).catch(() => false)
    if (charged.kind === 'closed') throw endedBefore(call.id)
    const charge = { units: charged.row.units, costNano: charged.row.costNano }
    await succeed(ports)(call, kept, charge)
    return charge
  }

/**
 * Keeps the result, charges it, and says so in the call: in this order, so that a retry after a death at any point finds what
 * is there and charges the same. Throws CALL_ENDED when the chain is closed; NOT_READY, OUTCOME_UNKNOWN: the worker must come again.
 */
export const deliver =
  (ports: WorkPorts) =>
  async (call: AsyncCall, encoded: Encoded, usage: Usage): Promise<Charge> =>
    await chargeKept(ports)(call, await ports.keepResult(call, encoded, usage))

type ChargedResult = Pick<KeptResult, 'headers'> & { readonly usage: Pick<Usage, 'model' | 'version' | 'cold'> }

const versionOf = ({ usage: { model, version } }: ChargedResult) => ({ model, number: version })

const succeed =
  (ports: Pick<WorkPorts, 'moveCall' | 'nowMs'>) =>
  (call: AsyncCall, kept: ChargedResult, charge: Charge): Promise<AsyncCall | undefined> =>
    ports.moveCall(call, openStates, 'succeeded', {
      endedAtMs: ports.nowMs(),
      answer: { status: 200, headers: { ...kept.headers, ...chargeHeaders(versionOf(kept), charge, kept.usage.cold) } },
    })

/**
 * Ends a call that did not succeed: its slot is closed first, so that it is free for good. A row that came before wins:
 * then the call has succeeded. -> the call as it ended.
 */
export const endCall =
  (ports: WorkPorts) =>
  async (
    call: AsyncCall,
    to: 'failed' | 'cancelled',
    problem?: AsyncCall['problem'],
  ): Promise<AsyncCall | undefined> => {
    const [slot] = await finishReservation(ports)(call.reservation)
    if (slot?.kind !== 'row')
      return await ports.moveCall(call, openStates, to, { endedAtMs: ports.nowMs(), ...(problem && { problem }) })
    // Where the result is gone the call was charged all the same: asking for its answer says that it is gone.
    const kept = (await ports.findResult(call)) ?? { usage: slot, headers: {} }
    return await succeed(ports)(call, kept, slot)
  }
