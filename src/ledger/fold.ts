import { eachAtMost } from '../each-at-most.ts'
import { beginOfChain, hashOf, type PutSlot, type ReadChain, type Sha256, type Slot } from './chain.ts'
import { closeChain } from './close-chain.ts'
import type { Hour } from './hour.ts'
import { settlementOf } from './lease.ts'
import { closeReservation, type Reservation, type ReservedSlot, settleReservation } from './reservation.ts'
import type { SettleLease } from './settle-lease.ts'
import {
  type Advanced,
  advanceSum,
  type ChainTally,
  type ReadSlots,
  type SumPart,
  type SumPorts,
  summed,
  sumOfParts,
} from './sum-in-parts.ts'
import { graceMs, type Opening } from './sweep-leases.ts'
import type { ChainDigest, ListUnfolded, TotalLine } from './totals.ts'

/** What the chains of one consumer in one hour come to. */
export type ConsumerHour = {
  readonly hour: Hour
  readonly consumerId: string
  readonly lines: readonly TotalLine[]
  readonly digests: readonly ChainDigest[]
}

export type FoldPorts = {
  readonly listUnfolded: ListUnfolded
  /** Refuses openings of the hour from here on, in every shard. */
  readonly markHour: (hour: string) => Promise<unknown>
  readonly listHour: (hour: string) => Promise<readonly Opening[]>
  readonly putSlot: PutSlot
  readonly readChain: ReadChain
  /** The slots of a chain behind the page that ended with `next`; `next` of the last page is absent. */
  readonly readPage: (
    chainId: string,
    next?: string,
  ) => Promise<{ readonly slots: readonly Slot[]; readonly next?: string }>
  readonly putReserved: PutSlot<ReservedSlot>
  readonly readReserved: ReadChain<ReservedSlot>
  readonly settleLease: SettleLease
  readonly sha256: Sha256
  /** Consumers of the hour whose totals an earlier fold kept. */
  readonly listKept: (hour: string) => Promise<ReadonlySet<string>>
  /** What earlier folds added up of consumers with more rows than one of them could read. */
  readonly listParts: (hour: string) => Promise<ReadonlyMap<string, readonly SumPart[]>>
  /** Puts the n-th part of a consumer if it is absent. -> the one that is there. */
  readonly keepPart: (hour: string, consumerId: string, number: number, part: SumPart) => Promise<SumPart>
  /** Rows behind which a part ends. */
  readonly mostRows: number
  /** Replaces what is there, which is the same. */
  readonly keepConsumer: (of: ConsumerHour) => Promise<unknown>
  /** Puts the hour's record, of all that was kept, unless it is there. */
  readonly putRecord: (hour: Hour) => Promise<unknown>
  readonly markFolded: (hour: string) => Promise<unknown>
}

/** False: the rest is left to the next fold. */
type HasTime = () => boolean

const mostAtOnce = 8

const isDone = ({ origin }: Reservation, slots: readonly ReservedSlot[]): boolean => {
  const [first] = slots
  if (origin === 'async' || first?.kind === 'closed') return first !== undefined
  return first?.kind === 'manifest' && slots.length > first.shards
}

type Waits = { readonly kind: 'waits'; readonly reservation?: Reservation }
type Interrupted = { readonly kind: 'interrupted' }

/** The slots of a reservation once they cannot change; past its deadline it is closed. Undefined: its work may still come. */
const slotsOf = async (
  { putReserved, readReserved }: FoldPorts,
  reservation: Reservation,
  nowMs: number,
): Promise<readonly ReservedSlot[] | undefined> => {
  const slots = await readReserved(reservation.id)
  if (isDone(reservation, slots)) return slots
  if (nowMs <= reservation.deadlineMs + graceMs) return undefined
  return await closeReservation({ putSlot: putReserved, readChain: readReserved })(reservation)
}

/** Whether the lease is settled, and so its chain closed. False: again with the next fold. */
const settle = async (ports: FoldPorts, opening: Opening, nowMs: number): Promise<boolean> => {
  if (opening.kind === 'environment') {
    const slots = await closeChain(ports)(opening)
    return slots !== undefined && (await ports.settleLease(opening, opening.lease!, settlementOf(slots)))
  }
  const slots = await slotsOf(ports, opening, nowMs)
  return slots !== undefined && (await settleReservation(ports)(opening, slots))
}

/** What consumers wait for whose leases are open. Those that it settles are not looked at again. */
const waitsOf = async (
  ports: FoldPorts,
  openings: readonly Opening[],
  nowMs: number,
  hasTime: HasTime,
): Promise<Map<string, Waits> | Interrupted> => {
  const waits = new Map<string, Waits>()
  let interrupted: Interrupted | undefined
  await eachAtMost(mostAtOnce, openings, async (opening) => {
    const { consumerId, lease } = opening
    if (interrupted || lease?.state !== 'open') return
    if (!hasTime()) {
      interrupted = { kind: 'interrupted' }
      return
    }
    if (await settle(ports, opening, nowMs)) return
    if (opening.kind === 'environment') waits.set(consumerId, { kind: 'waits' })
    else if (!waits.has(consumerId)) waits.set(consumerId, { kind: 'waits', reservation: opening })
  })
  return interrupted ?? waits
}

/** What the hour waits for; first what the next fold has to try again, since a reservation may be waited for alone. */
const firstWait = (waits: ReadonlyMap<string, Waits>): Waits | undefined => {
  const all = [...waits.values()]
  return all.find(({ reservation }) => !reservation) ?? all[0]
}

const closedSlots = async (
  ports: Pick<FoldPorts, 'putSlot' | 'readChain' | 'sha256'>,
  { id }: Opening,
): Promise<readonly Slot[]> => {
  const slots = await closeChain(ports)({ id })
  if (!slots) throw new Error(`chain ${id}: expected it to close, the ledger did not answer`)
  return slots
}

const mostTries = 3

/** A page of an environment's chain; behind its last row `closed` is put, as `closeChain` does. */
const closedPage = async (
  { putSlot, readPage, sha256 }: FoldPorts,
  { id }: Opening,
  from: ChainTally | undefined,
): Promise<ReadSlots> => {
  for (let tries = 0; tries < mostTries; tries++) {
    const { slots, next } = await readPage(id, from?.next)
    if (next !== undefined) return { kind: 'slots', slots, next }
    const place = from ?? beginOfChain(sha256, id)
    const last = slots.at(-1)
    if (last ? last.kind === 'closed' : place.isClosed) return { kind: 'slots', slots }
    const number = (last?.number ?? place.number) + 1
    const closed = { kind: 'closed', number, previous: last ? hashOf(sha256, id, last) : place.link } as const
    const outcome = await putSlot(id, closed)
    if (outcome.kind === 'written') return { kind: 'slots', slots: [...slots, closed] }
  }
  throw new Error(`chain ${id}: expected it to close, the ledger did not answer`)
}

/** Slots of chains whose leases are settled; an environment's chain without one may be long, and is read by the page. */
const readOn =
  (ports: FoldPorts, nowMs: number): SumPorts['readOn'] =>
  async (opening, from) => {
    if (opening.kind === 'environment' && !opening.lease) return await closedPage(ports, opening, from)
    if (opening.kind === 'environment') return { kind: 'slots', slots: await closedSlots(ports, opening) }
    const slots = opening.lease ? await ports.readReserved(opening.id) : await slotsOf(ports, opening, nowMs)
    return slots ? { kind: 'slots', slots } : { kind: 'waits', reservation: opening }
  }

export const byConsumerId = (openings: readonly Opening[]): ReadonlyMap<string, readonly Opening[]> => {
  const groups = new Map<string, Opening[]>()
  for (const opening of openings) {
    const group = groups.get(opening.consumerId)
    if (group) group.push(opening)
    else groups.set(opening.consumerId, [opening])
  }
  return groups
}

export type Folding = { readonly kind: 'folded' } | Waits | Interrupted

/**
 * Folds an hour that is over: marks it, closes its environments' chains, settles its leases, and when nothing of it can
 * change any more keeps its totals and its record. It may be repeated, at any point and by several at once: each writes the same.
 * Interrupted, it has kept what it added up, and the next one goes on there. It waits once only what it waits for is left.
 */
export const foldHour =
  (ports: FoldPorts) =>
  async (hour: Hour, nowMs: number, hasTime: HasTime = () => true): Promise<Folding> => {
    const { label } = hour
    await ports.markHour(label)
    const openings = await ports.listHour(label)
    const waits = await waitsOf(ports, openings, nowMs, hasTime)
    if ('kind' in waits) return waits
    const kept = await ports.listKept(label)
    const parts = await ports.listParts(label)
    const advance = advanceSum({
      ...{ sha256: ports.sha256, mostRows: ports.mostRows, readOn: readOn(ports, nowMs) },
      keepPart: (...of) => ports.keepPart(label, ...of),
    })
    for (const [consumerId, own] of byConsumerId(openings)) {
      if (kept.has(consumerId) || waits.has(consumerId)) continue
      const sum = sumOfParts(parts.get(consumerId))
      let advanced: Advanced
      do {
        if (!hasTime()) return { kind: 'interrupted' }
        advanced = await advance(consumerId, own, sum)
      } while (advanced.kind === 'more')
      if (advanced.kind === 'waits') {
        waits.set(consumerId, advanced)
        continue
      }
      const { lines, digests } = summed(sum)
      await ports.keepConsumer({ hour, consumerId, lines, digests })
    }
    const waiting = firstWait(waits)
    if (waiting) return waiting
    await ports.putRecord(hour)
    await ports.markFolded(label)
    return { kind: 'folded' }
  }

/** Clocks of environments differ: an hour is folded a little after its end, so that none still admits calls to it. */
const skewMs = 2 * 60_000
/** Openings of an hour come while it lasts; what comes later than this is found by the first fold of an environment. */
const lookBackMs = 48 * 3_600_000

export type Folded = { readonly folded: number; readonly waiting: number }

/**
 * Folds all hours that are over and have chains, the oldest first. One that waits, or fails, does not hold up the others.
 * Has a life: it remembers from where on to look, and for what an hour waits. Throws the first failure when all were tried.
 */
export const createFold = (ports: FoldPorts) => {
  let sinceMs = 0
  const waitingFor = new Map<string, Reservation>()

  const fold = async (hour: Hour, nowMs: number, hasTime: HasTime): Promise<Folding> => {
    const reservation = waitingFor.get(hour.label)
    if (reservation && !(await slotsOf(ports, reservation, nowMs))) return { kind: 'waits', reservation }
    waitingFor.delete(hour.label)
    const folding = await foldHour(ports)(hour, nowMs, hasTime)
    if (folding.kind === 'waits' && folding.reservation) waitingFor.set(hour.label, folding.reservation)
    return folding
  }

  return async (nowMs: number, hasTime: HasTime = () => true): Promise<Folded> => {
    const hours = await ports.listUnfolded({ fromMs: sinceMs, toMs: nowMs })
    const over = hours.filter(({ endMs }) => endMs + skewMs <= nowMs)
    const open: Hour[] = []
    const failures: unknown[] = []
    for (const hour of over) {
      const folding = hasTime()
        ? await fold(hour, nowMs, hasTime).catch((thrown: unknown) => void failures.push(thrown))
        : undefined
      if (folding?.kind !== 'folded') open.push(hour)
    }
    sinceMs = Math.min(open[0]?.startMs ?? nowMs, nowMs - lookBackMs)
    if (failures.length > 0) throw failures[0]
    return { folded: over.length - open.length, waiting: open.length }
  }
}
