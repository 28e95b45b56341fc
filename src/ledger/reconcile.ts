import { formatNano } from '../billing/money.ts'
import type { Sha256 } from './chain.ts'
import type { Difference, ReconcileInvoices } from './difference.ts'
import type { HourAt } from './hour.ts'
import { type BalancePorts, monthsOf, reconcileBalances } from './reconcile-balances.ts'
import { type HourPlace, type ReconcileHourPorts, reconcileHour } from './reconcile-hour.ts'
import { type HourRange, type HourRecord, type ListRecords, type NotedHour, sumOfLines } from './totals.ts'

/** The end of the chain of hours, as it is kept outside of the ledger. */
export type Head = { readonly number: number; readonly hash: string; readonly hour: string }

export type ReconcilePorts = ReconcileHourPorts &
  BalancePorts & {
    readonly hourAt: HourAt
    readonly nowMs: () => number
    readonly sha256: Sha256
    readonly listRecords: ListRecords
    readonly readHead: () => Promise<Head | undefined>
    /** All hours of the range that have chains or are marked; folded where any of its marks says so. */
    readonly listNoted: (
      range: HourRange,
    ) => Promise<readonly (NotedHour & { readonly startMs: number; readonly endMs: number })[]>
    /** Also removed ones, and the owner; in a fixed order, those after one. */
    readonly consumersAfter: (consumerId: string) => AsyncIterable<string>
    readonly reconcileInvoices?: ReconcileInvoices
  }

/** Where to go on. */
export type Cursor =
  | { readonly at: 'records' }
  /** Within the first of the hours: behind some of its consumers. */
  | ({ readonly at: 'hours'; readonly fromMs: number; readonly within?: HourPlace } & Sums)
  | ({ readonly at: 'consumers'; readonly after: string } & Sums)
  | { readonly at: 'invoices' }
  | { readonly at: 'end' }

/** Of the hours before `untilMs`, which are all folded: what their rows come to, less the totals of consumers that were looked at. */
type Sums = { readonly untilMs: number; readonly calls: number; readonly nano: string }

export type Step = {
  readonly cursor: Cursor
  readonly differences: readonly Difference[]
  readonly hours: number
  readonly rows: number
}

/** Reservations end within 4 h 30 min; the rest is for ticks that come late. */
const foldedByMs = 6 * 3_600_000

const everything: HourRange = { fromMs: 0, toMs: Date.UTC(9999, 0) }

/** The links of all records, whatever the range: their numbers, the hash of the one before, and the end. */
const linkFaults = (sha256: Sha256, records: readonly HourRecord[], head: Head | undefined): readonly Difference[] => {
  const differences: Difference[] = []
  let before: Pick<HourRecord, 'number' | 'hash'> = { number: 0, hash: sha256('') }
  for (const record of [...records].sort((a, b) => a.number - b.number)) {
    const { hour, number, previous } = record
    if (number > before.number + 1) {
      const missing = number === before.number + 2 ? `${number - 1}` : `${before.number + 1} to ${number - 1}`
      differences.push({ kind: 'record missing', text: `record ${missing}: expected before that of ${hour}` })
    } else if (number !== before.number + 1)
      differences.push({ kind: 'record inserted', hour, text: `record ${number}: expected one of this number` })
    else if (previous !== before.hash)
      differences.push({
        kind: 'record altered',
        hour,
        text: `record ${number}: expected the hash of the record before it`,
      })
    before = record
  }
  if (head === undefined && records.length > 0)
    differences.push({ kind: 'record altered', text: 'end of the chain: expected one, it is not there' })
  if (head && (head.number !== before.number || head.hash !== before.hash))
    differences.push({
      kind: head.number > before.number ? 'record missing' : 'record altered',
      hour: head.hour,
      text: `end of the chain: expected record ${head.number}, got ${before.number}`,
    })
  return differences
}

const moreOrLess = (left: bigint, text: (size: bigint) => string): readonly string[] =>
  left === 0n ? [] : [left > 0n ? `${text(left)} less` : `${text(-left)} more`]

/** `calls`, `nano`: the rows' less the totals'. */
const leftText = (calls: number, nano: bigint): string => {
  const said = [...moreOrLess(BigInt(calls), (size) => `${size} calls`), ...moreOrLess(nano, formatNano)]
  return `totals of all consumers: expected those of the rows, they are ${said.join(' and ')}`
}

/**
 * Recomputes the hours of a range from their rows and compares them with their totals, records, hashes and MACs, then the
 * balances of all consumers and the invoices. Each step says where to go on after it: a reader may stop behind any.
 */
export async function* reconcile(ports: ReconcilePorts, range: HourRange, from: Cursor): AsyncGenerator<Step> {
  let cursor = from
  const step = (differences: readonly Difference[], hours = 0, rows = 0): Step => ({ cursor, differences, hours, rows })
  if (cursor.at === 'records') {
    // The end first: a fold between both reads makes a record more, not one that is missing.
    const head = await ports.readHead()
    const records = await ports.listRecords(everything)
    const known = records.filter(({ number }) => number <= (head?.number ?? 0))
    const late = records.length > known.length && (await ports.readHead())?.number === head?.number
    // Later hours may be folded while this goes on.
    const untilMs = Math.min(range.toMs, ports.nowMs() - foldedByMs)
    cursor = { at: 'hours', fromMs: range.fromMs, untilMs, calls: 0, nano: '0' }
    yield step(linkFaults(ports.sha256, late ? records : known, head))
  }
  if (cursor.at === 'hours') {
    const of: HourRange = { fromMs: cursor.fromMs, toMs: range.toMs }
    // Marks first: an hour that they say was folded has its record by then.
    const hours = await ports.listNoted(of)
    const records = new Map((await ports.listRecords(of)).map((record) => [record.hour, record]))
    let { calls, nano, untilMs, within } = cursor
    for (const noted of hours) {
      const { hour, startMs, endMs } = noted
      const record = records.get(hour)
      records.delete(hour)
      const late = endMs + foldedByMs < ports.nowMs()
      if (record)
        for await (const done of reconcileHour(ports, record, within?.hour === hour ? within : undefined)) {
          const { place, isEnd } = done
          if (isEnd && startMs < untilMs) {
            calls += place.calls
            nano = String(BigInt(nano) + BigInt(place.nano))
          }
          const at = isEnd ? { fromMs: startMs + 1 } : { fromMs: startMs, within: place }
          cursor = { at: 'hours', ...at, untilMs, calls, nano }
          yield step(done.differences, isEnd ? 1 : 0, done.rows)
        }
      else {
        untilMs = Math.min(untilMs, startMs)
        const differences: Difference[] = []
        if (noted.folded) differences.push({ kind: 'record missing', hour, text: 'its marks say that it was folded' })
        else if (late)
          differences.push({ kind: 'hour not folded', hour, text: 'it is over, and its totals are not there' })
        cursor = { at: 'hours', fromMs: startMs + 1, untilMs, calls, nano }
        yield step(differences)
      }
      within = undefined
    }
    cursor = { at: 'consumers', after: '', untilMs, calls, nano }
    // Folded between both lists: it is looked at the next time.
    const unmarked = [...records.values()].filter(({ endMs }) => endMs + foldedByMs < ports.nowMs())
    yield step(unmarked.map(({ hour }) => ({ kind: 'record inserted', hour, text: 'expected marks of its hour' })))
  }
  if (cursor.at === 'consumers') {
    const [first] = await ports.listRecords(everything)
    const nowMs = ports.nowMs()
    const fromMs = Math.max(range.fromMs, first?.startMs ?? nowMs)
    const months = monthsOf(ports.hourAt, Math.min(fromMs, nowMs), Math.min(range.toMs, nowMs))
    for await (const consumerId of ports.consumersAfter(cursor.after)) {
      const differences = await reconcileBalances(ports)(consumerId, months, nowMs)
      const totals = await ports.listTotals(consumerId, { fromMs: range.fromMs, toMs: cursor.untilMs })
      const { calls, costNano } = sumOfLines(totals.flatMap(({ lines }) => lines))
      const nano: string = String(BigInt(cursor.nano) - costNano)
      cursor = { ...cursor, after: consumerId, calls: cursor.calls - calls, nano }
      yield step(differences)
    }
    const { calls, nano } = cursor
    cursor = { at: 'invoices' }
    yield step(calls === 0 && nano === '0' ? [] : [{ kind: 'total differs', text: leftText(calls, BigInt(nano)) }])
  }
  if (cursor.at === 'invoices') {
    const differences = (await ports.reconcileInvoices?.(range)) ?? []
    cursor = { at: 'end' }
    yield step(differences)
  }
}
