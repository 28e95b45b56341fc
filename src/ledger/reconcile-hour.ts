import { formatNano } from '../billing/money.ts'
import { eachAtMost } from '../each-at-most.ts'
import { type ChainPlace, faultOf, type ReadChain, type Sha256, type Slot } from './chain.ts'
import type { Difference, DifferenceKind } from './difference.ts'
import { byConsumerId } from './fold.ts'
import { hashOfHour, inOrder } from './hour-hash.ts'
import { settlementOf } from './lease.ts'
import type { ReservedSlot } from './reservation.ts'
import { advanceSum, type Sum, type Summed, type SumPart, type SumPorts, summed, sumOfParts } from './sum-in-parts.ts'
import type { Opening } from './sweep-leases.ts'
import { type ChainDigest, type HourRecord, type ListTotals, lineKey, sumOfLines, type TotalLine } from './totals.ts'

export type ReconcileHourPorts = {
  readonly sha256: Sha256
  readonly listHour: (hour: string) => Promise<readonly Opening[]>
  readonly readChain: ReadChain<ReservedSlot>
  readonly readPage: (
    chainId: string,
    next?: string,
  ) => Promise<{ readonly slots: readonly ReservedSlot[]; readonly next?: string }>
  /** What this reconciliation added up by now of consumers with more rows than a step may read. */
  readonly listParts: (hour: string) => Promise<ReadonlyMap<string, readonly SumPart[]>>
  readonly keepPart: (hour: string, consumerId: string, number: number, part: SumPart) => Promise<SumPart>
  /** Rows behind which a part ends. */
  readonly mostRows: number
  /** Digests as the fold kept them, in their order. */
  readonly listDigests: (hour: string) => Promise<readonly ChainDigest[]>
  readonly listTotals: ListTotals
  readonly isMacOf: (text: string, mac: string) => Promise<boolean>
}

const mostAtOnce = 4
/** Of one step. */
const mostConsumers = 8

type Found = (kind: DifferenceKind, text: string, chain?: string, consumer?: string) => void

/** What is wrong with a reservation's chain by itself: a slot that none of its writers put, or one that is missing. */
const reservationFault = (slots: readonly ReservedSlot[]): string | undefined => {
  const first = slots[0]
  if (!first) return 'expected a slot, it has none'
  if (first.kind !== 'manifest')
    return slots.length === 1 ? undefined : `slot ${slots[1]!.number}: expected none behind slot ${first.number}`
  for (let number = 1; number <= first.shards; number++)
    if (slots[number]?.number !== number) return `slot ${number}: expected the shard's row or closed, it is not there`
  const more = slots[first.shards + 1]
  return more && `slot ${more.number}: expected ${first.shards} shards`
}

/** The same of the slots of a chain, or of a page behind others: a gap, a broken link, rows without `closed` behind them. */
const shapeFault = (
  sha256: Sha256,
  { id, kind }: Opening,
  slots: readonly ReservedSlot[],
  from: ChainPlace,
  isEnd: boolean,
): string | undefined => {
  if (kind !== 'environment') return reservationFault(slots)
  // Environment chains have no manifest.
  const fault = faultOf(sha256, id, slots as readonly Slot[], from)
  const last = slots.at(-1)
  const isClosed = last ? last.kind === 'closed' : from.isClosed
  return fault ?? (isClosed || !isEnd ? undefined : 'expected closed behind its last row')
}

const rowsKind = (before: number, now: number): DifferenceKind =>
  now < before ? 'row missing' : now > before ? 'row inserted' : 'row altered'

/** What is wrong with slots of a chain as they are read now, whatever was folded. Those of a leased chain are all of it. */
const faultsOf =
  (sha256: Sha256): NonNullable<SumPorts['faultsOf']> =>
  (opening, slots, from, isEnd) => {
    const shape = shapeFault(sha256, opening, slots, from, isEnd)
    const { lease } = opening
    const { sumNano, count } = settlementOf(lease ? slots : [])
    const isSettled = lease === undefined || (lease.sumNano === sumNano && lease.count === count)
    const was = `${lease?.count ?? 'no'} rows of ${formatNano(lease?.sumNano ?? 0)}`
    return [
      ...(shape === undefined ? [] : [shape]),
      ...(isSettled ? [] : [`lease: expected ${was}, as it was settled, got ${count} of ${formatNano(sumNano)}`]),
    ]
  }

const compareChain = (
  kept: ChainDigest | undefined,
  now: ChainDigest,
  faults: readonly string[],
  tell: (kind: DifferenceKind, text: string) => void,
): void => {
  if (!kept) tell('chain inserted', `expected none, it has ${now.rows} rows`)
  else if (now.rows !== kept.rows)
    tell(rowsKind(kept.rows, now.rows), [`expected ${kept.rows} rows, got ${now.rows}`, ...faults].join('; '))
  else if (faults.length > 0) tell('row altered', faults.join('; '))
  else if (now.hash !== kept.hash)
    tell(now.rows > 0 ? 'row altered' : 'chain altered', `hash: expected ${kept.hash}, got ${now.hash}`)
}

const sumsOf = (lines: readonly TotalLine[]): ReadonlyMap<string, string> =>
  new Map(
    lines.map((line) => [lineKey(line), `${line.calls} calls, ${line.units} units, ${formatNano(line.costNano)}`]),
  )

/** Lines that differ between rows and total. */
const compareLines = (rows: readonly TotalLine[], total: readonly TotalLine[], tell: (text: string) => void): void => {
  const [expected, got] = [sumsOf(rows), sumsOf(total)]
  for (const key of [...new Set([...expected.keys(), ...got.keys()])].sort(inOrder))
    if (expected.get(key) !== got.get(key))
      tell(`line ${key}: expected ${expected.get(key) ?? 'none'}, got ${got.get(key) ?? 'none'}`)
}

/** The record itself: its hash over the digests that were kept, and its MAC. */
const compareRecord = async (
  { sha256, isMacOf }: ReconcileHourPorts,
  record: HourRecord,
  digests: readonly ChainDigest[],
  found: Found,
): Promise<void> => {
  const expected = hashOfHour(sha256, record, digests)
  if (record.hash !== expected) found('record altered', `hash: expected ${expected}, got ${record.hash}`)
  if (!(await isMacOf(record.hash, record.mac))) found('record altered', 'MAC: it is not of this hash by the key')
  if (record.chains !== digests.length)
    found('record altered', `chains: expected ${digests.length}, got ${record.chains}`)
}

/** Where to go on in an hour: behind this consumer, with what the rows of those up to it come to. */
export type HourPlace = {
  readonly hour: string
  readonly after: string
  readonly calls: number
  readonly nano: string
}

export type HourStep = {
  readonly differences: readonly Difference[]
  readonly rows: number
  readonly place: HourPlace
  readonly isEnd: boolean
}

const readOn =
  ({ readChain, readPage }: ReconcileHourPorts): SumPorts['readOn'] =>
  async ({ kind, id, lease }, from) =>
    kind === 'environment' && !lease
      ? { kind: 'slots', ...(await readPage(id, from?.next)) }
      : { kind: 'slots', slots: await readChain(id) }

/** What one consumer's chains come to, against digests and total as the fold kept them. */
const compareConsumer = async (
  { listTotals }: ReconcileHourPorts,
  { hour, startMs }: HourRecord,
  consumerId: string,
  kept: readonly ChainDigest[],
  { lines, digests, faults }: Summed,
): Promise<readonly Difference[]> => {
  const differences: Difference[] = []
  const found: Found = (kind, text, chain) =>
    differences.push({ kind, hour, consumer: consumerId, ...(chain && { chain }), text })
  const missing = new Map(kept.map((digest) => [digest.id, digest]))
  for (const digest of digests) {
    const { id } = digest
    compareChain(missing.get(id), digest, faults.get(id) ?? [], (kind, text) => found(kind, text, id))
    missing.delete(id)
  }
  for (const { id, rows } of missing.values()) found('chain missing', `expected what opened it, with ${rows} rows`, id)
  const [total] = await listTotals(consumerId, { fromMs: startMs, toMs: startMs + 1 })
  compareLines(lines, total?.lines ?? [], (text) => found('total differs', text))
  return differences
}

/** The record, once the rows of all consumers are added up. */
const compareHour = async (
  ports: ReconcileHourPorts,
  record: HourRecord,
  digests: readonly ChainDigest[],
  { calls, nano }: HourPlace,
): Promise<readonly Difference[]> => {
  const { hour } = record
  const differences: Difference[] = []
  const found: Found = (kind, text) => differences.push({ kind, hour, text })
  await compareRecord(ports, record, digests, found)
  const costNano = BigInt(nano)
  if (record.calls !== calls || record.costNano !== costNano)
    found(
      'total differs',
      `hour: expected ${calls} calls, ${formatNano(costNano)}, got ${record.calls}, ${formatNano(record.costNano)}`,
    )
  return differences
}

const blocksOf = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / mostConsumers) }, (_, i) =>
    items.slice(i * mostConsumers, (i + 1) * mostConsumers),
  )

/**
 * Recomputes a folded hour from its rows, and names each difference from what was folded: some consumers a step, or some
 * rows of consumers with many. Whoever goes on at the place of any step finds the same.
 */
export async function* reconcileHour(
  ports: ReconcileHourPorts,
  record: HourRecord,
  from?: HourPlace,
): AsyncGenerator<HourStep> {
  const { hour } = record
  const digests = await ports.listDigests(hour)
  const openings = byConsumerId(await ports.listHour(hour))
  const kept = Map.groupBy(digests, ({ consumerId }) => consumerId)
  const parts = from ? await ports.listParts(hour) : new Map<string, readonly SumPart[]>()
  const advance = advanceSum({
    ...{ sha256: ports.sha256, mostRows: ports.mostRows, readOn: readOn(ports), faultsOf: faultsOf(ports.sha256) },
    keepPart: (...of) => ports.keepPart(hour, ...of),
  })
  let place = from ?? { hour, after: '', calls: 0, nano: '0' }
  const consumers = [...new Set([...openings.keys(), ...kept.keys()])].sort(inOrder)
  for (const block of blocksOf(consumers.filter((id) => id > place.after))) {
    const sums = new Map<string, Sum>(block.map((id) => [id, sumOfParts(parts.get(id))]))
    for (let left = block; left.length > 0; ) {
      const more: string[] = []
      await eachAtMost(mostAtOnce, left, async (id) => {
        const { kind } = await advance(id, openings.get(id) ?? [], sums.get(id)!)
        if (kind !== 'summed') more.push(id)
      })
      left = more
      if (left.length > 0) yield { differences: [], rows: 0, place, isEnd: false }
    }
    const differences = new Map<string, readonly Difference[]>()
    let rows = 0
    await eachAtMost(mostAtOnce, block, async (id) => {
      const own = summed(sums.get(id)!)
      differences.set(id, await compareConsumer(ports, record, id, kept.get(id) ?? [], own))
      const { calls, costNano } = sumOfLines(own.lines)
      rows += calls
      place = { ...place, calls: place.calls + calls, nano: String(BigInt(place.nano) + costNano) }
    })
    place = { ...place, after: block.at(-1)! }
    yield { differences: block.flatMap((id) => differences.get(id) ?? []), rows, place, isEnd: false }
  }
  yield { differences: await compareHour(ports, record, digests, place), rows: 0, place, isEnd: true }
}
