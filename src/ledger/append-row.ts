import { expiresOf, type IdempotencyRecord, type Recorded } from '../call/idempotency.ts'
import { PercallError } from '../errors.ts'
import type { Chain, Outcome, PutRecordedRow, PutSlot, ReadChain, Sha256 } from './chain.ts'
import { closeChain } from './close-chain.ts'
import { settlementOf } from './lease.ts'
import { type SettleLease, settleOwn } from './settle-lease.ts'
import type { UsageRow } from './usage-row.ts'

export type AppendPorts = {
  readonly now: () => number
  readonly putSlot: PutSlot
  readonly putRecordedRow: PutRecordedRow
  readonly readChain: ReadChain
  readonly settleLease: SettleLease
  readonly newId: () => string
  readonly sha256: Sha256
}

/** The record that goes with a row: all but what the attempt to charge fixes. */
export type RecordOfRow = (row: UsageRow) => Omit<IdempotencyRecord, 'nonce' | 'expires'>

/** `ended`: the chain takes no more rows; where the row is not in it, it never will be. */
export type Appended = { readonly kind: 'written' | 'absent'; readonly ended: boolean } | Recorded

// Each try is up to three attempts of the SDK; together they stay below the gateway's 30 s.
const mostTries = 2

const putOf = (ports: AppendPorts, chain: Chain, row: UsageRow, recordOf: RecordOfRow | undefined) => {
  if (!recordOf) return (): Promise<Outcome | Recorded> => ports.putSlot(chain.id, row)
  const nowMs = ports.now()
  const record = { ...recordOf(row), nonce: row.nonce, expires: expiresOf(nowMs) }
  const put = { record, nowMs, token: ports.newId() }
  return () => ports.putRecordedRow(chain.id, row, put)
}

/**
 * Puts the next row of an environment's chain and finds out what became of it.
 * Throws only when it certainly is not there (NOT_READY) or when nobody can tell (OUTCOME_UNKNOWN): then the chain must not be used.
 */
export const appendRow =
  (ports: AppendPorts) =>
  async (chain: Chain, row: UsageRow, recordOf?: RecordOfRow): Promise<Appended> => {
    const put = putOf(ports, chain, row, recordOf)
    let outcome = await put()
    const mayLand = outcome.kind === 'unknown'
    // What a repetition is refused for says nothing of the put that had no answer.
    for (let tries = 1; tries < mostTries && outcome.kind === 'unknown'; tries++)
      outcome = await put().catch(() => ({ kind: 'unknown' }) as const)
    // Another's record, live for a day: an earlier attempt of this put, should it come late, meets it too. The number is free.
    if (outcome.kind === 'recorded') return outcome
    if (outcome.kind === 'written') return { kind: 'written', ended: false }
    // A refusal says nothing of an earlier put without an answer.
    if (outcome.kind === 'refused' && !mayLand)
      throw new PercallError('NOT_READY', 'ledger: the usage row was refused, the call is free', {
        cause: outcome.cause,
      })
    if (outcome.kind === 'occupied' && outcome.by.kind === 'row') {
      if (outcome.by.nonce === row.nonce) return { kind: 'written', ended: false }
      throw new PercallError('INTERNAL', `chain ${chain.id}: expected slot ${row.number} free, another row is there`)
    }
    if (outcome.kind === 'occupied') {
      // Whoever closed it may have died before it was settled.
      await settleOwn(ports, chain).catch(() => false)
      return { kind: 'absent', ended: true }
    }
    const slots = await closeChain(ports)(chain)
    if (!slots) throw new PercallError('OUTCOME_UNKNOWN', 'ledger: the usage row had no answer, it may be charged')
    if (chain.held) await ports.settleLease(chain, chain.held.lease, settlementOf(slots)).catch(() => false)
    const isThere = slots.some((slot) => slot.kind === 'row' && slot.nonce === row.nonce)
    return { kind: isThere ? 'written' : 'absent', ended: true }
  }
