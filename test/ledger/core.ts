/** What all acts of a schedule share: the tables behind their network, the clock, what callers were told, and what went wrong. */
import { settleLease } from '../../adapters/ledger/balances.ts'
import { putSlot, readChain, sha256 } from '../../adapters/ledger/ledger.ts'
import type { Consumer } from '../../src/access/consumer.ts'
import { finishReservation, type ReservedSlot } from '../../src/ledger/reservation.ts'
import { finishChain } from '../../src/ledger/settle-lease.ts'
import { faultIn } from './invariants.ts'
import { createNetwork, type Mutation, type Owner } from './network.ts'

export type Setting = {
  readonly consumers: readonly Omit<Consumer, 'grants' | 'createdAtMs' | 'revision'>[]
  readonly credits: Readonly<Record<string, number>>
  /** Of keys `limited-...`. */
  readonly limitNano: number
  readonly startMs: number
}

export type CallPlan = {
  readonly consumerId: string
  readonly rows: number
  readonly key?: string
  readonly limited: boolean
  readonly fails: boolean
}

export type Told = {
  readonly requestId: string
  readonly code?: string
  readonly costNano?: number
  readonly key?: string
  readonly answeredBy?: string
}

export const registryName = 'registry'

/** The key as which calls of a limited key are counted. */
export const limitedKey = (consumerId: string): string => `limited-${consumerId}`

export const createCore = (setting: Setting, mutation?: Mutation) => {
  const world = { nowMs: setting.startMs, step: 0, storm: 0, faults: [] as string[], calls: 0, ids: 0 }
  const network = createNetwork(() => world.nowMs, mutation)
  const told: Told[] = []
  /** Whose calls needed no lease at some time. */
  const uncapped = new Set(setting.consumers.flatMap(({ id, plan }) => (plan === 'postpaid' ? [id] : [])))
  const limits = new Map(setting.consumers.map(({ id }) => [limitedKey(id), setting.limitNano]))
  const tails: { owner: Owner; tail: Promise<void> }[] = []
  const check = (touched = new Set(network.items.ledger.keys())): void => {
    const fault = faultIn(network, { limits, uncapped }, touched)
    if (fault) world.faults.push(fault)
  }
  network.onWrite = (keys) => check(new Set(keys.map(({ key }) => String(key.pk))))
  const newId = (): string => `id${world.ids++}`
  const newOwner = (): Owner => ({ dead: false, frozenUntilStep: 0 })
  const tablesOf = (owner: Owner) => {
    const documents = network.clientOf(owner)
    return { ledger: { documents, table: 'ledger' }, registry: { documents, table: registryName } }
  }

  /** What an owner of the deployment, or anyone who sweeps, does with a client of its own. */
  const background = (act: (tables: ReturnType<typeof tablesOf>) => Promise<unknown>): void => {
    const owner = newOwner()
    const tail = act(tablesOf(owner)).then(
      () => undefined,
      (thrown: unknown) => {
        // Requests without an answer end an act, as they end a process; faults of the code do not.
        if (thrown instanceof TypeError || thrown instanceof RangeError) world.faults.push(String(thrown.stack))
      },
    )
    tails.push({ owner, tail })
  }

  const finishers = ({ ledger }: ReturnType<typeof tablesOf>) => {
    const slots = { putSlot: putSlot<ReservedSlot>(ledger), readChain: readChain<ReservedSlot>(ledger), newId }
    const settle = settleLease(ledger)
    return {
      finishChain: finishChain({ putSlot: putSlot(ledger), readChain: readChain(ledger), settleLease: settle, sha256 }),
      finishReservation: finishReservation({ ...slots, settleLease: settle }),
      slots: { ...slots, settleLease: settle },
    }
  }

  return { setting, world, network, uncapped, told, tails, check, newId, newOwner, tablesOf, background, finishers }
}

export type Core = ReturnType<typeof createCore>
