import { toNano } from '../billing/money.ts'
import { type Chain, nextClosed, type PutSlot, type ReadChain, type Sha256 } from './chain.ts'
import { closeChain } from './close-chain.ts'
import { type Lease, type Settlement, settlementOf } from './lease.ts'

/** A chain as the item says that opened it. */
export type OpenedChain = {
  readonly id: string
  readonly consumerId: string
  readonly hour: string
  readonly lease?: Lease
}

/**
 * Moves a lease from open to settled and gives back what its rows did not use, in one transaction. True when it is settled, by
 * this or an earlier one; false when nobody can tell: it may be repeated at any time.
 */
export type SettleLease = (
  chain: Pick<OpenedChain, 'id' | 'consumerId' | 'hour'>,
  lease: Lease,
  settlement: Settlement,
) => Promise<boolean>

export type FinishPorts = {
  readonly putSlot: PutSlot
  readonly readChain: ReadChain
  readonly settleLease: SettleLease
  readonly sha256: Sha256
}

/** Closes an environment's chain that anyone found, then settles its lease. False: it must be done again. */
export const finishChain =
  (ports: FinishPorts) =>
  async (chain: OpenedChain): Promise<boolean> => {
    const slots = await closeChain(ports)(chain)
    if (!slots) return false
    const { lease } = chain
    return lease?.state !== 'open' || (await ports.settleLease(chain, lease, settlementOf(slots)))
  }

/** Settles the lease of a chain that is known to be closed right after the last row that its environment knows of. */
export const settleOwn = async (ports: Pick<FinishPorts, 'settleLease'>, chain: Chain): Promise<boolean> => {
  if (!chain.held) return true
  const { lease, leftNano } = chain.held
  return await ports.settleLease(chain, lease, { sumNano: toNano(lease.sizeNano - leftNano), count: chain.last })
}

/** The same for a chain in the hand of the environment that writes it: every row of it is known, so nothing is read. */
export const finishOwn = async (
  ports: Pick<FinishPorts, 'putSlot' | 'settleLease'>,
  chain: Chain,
): Promise<boolean> => {
  const outcome = await ports.putSlot(chain.id, nextClosed(chain))
  const isClosed = outcome.kind === 'written' || (outcome.kind === 'occupied' && outcome.by.kind === 'closed')
  return isClosed && (await settleOwn(ports, chain))
}
