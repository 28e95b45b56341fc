import type { HourAt } from '../ledger/hour.ts'
import type { HourRange, ListUnfolded } from '../ledger/totals.ts'
import type { Invoice } from './invoice.ts'
import { type InvoiceBody, invoiceBody } from './invoice-body.ts'
import { closedInvoice, type InvoiceSources, monthRange } from './make-invoice.ts'
import { monthOf, nextMonth } from './plan.ts'

/** What is kept of a month that is over: its invoice, or that there was nothing to invoice. */
export type ClosedMonth =
  | { readonly kind: 'invoice'; readonly body: InvoiceBody }
  | { readonly kind: 'nothing'; readonly month: string }

/** `moved`: another invoice took the number, or an adjustment came: it is to be made anew. `there`: the month was closed before. */
export type CloseOutcome = 'closed' | 'there' | 'moved'

/** Where the work stands: months before `month` are closed, and in it consumers up to `after`. */
export type InvoiceCursor = {
  readonly month: string
  readonly after?: string
  readonly revision: number
  /** Until the first month was looked for once more: an adjustment that came before this item moved nothing back. */
  readonly isFirst?: true
}

/**
 * Where the work stands once a month of a consumer has another adjustment; undefined where it comes to that month anyway,
 * and lists its consumers then. It is moved back to a month that it has passed without closing it for this consumer. Where it
 * stands in the month it may have listed the consumers before this one was there: the raised revision has it begin with them anew.
 */
export const cursorForAdjustment = (
  cursor: InvoiceCursor | undefined,
  { consumerId, month }: { readonly consumerId: string; readonly month: string },
): InvoiceCursor | undefined => {
  if (!cursor || cursor.month < month) return undefined
  const revision = cursor.revision + 1
  const isAhead = cursor.month === month && (cursor.after === undefined || cursor.after < consumerId)
  return isAhead ? { ...cursor, revision } : { month, revision, ...(cursor.isFirst && { isFirst: true }) }
}

export type FinalisePorts = InvoiceSources & {
  readonly hourAt: HourAt
  readonly nowMs: () => number
  readonly listUnfolded: ListUnfolded
  /** The start of the earliest hour that has rows, was folded, or may be adjusted; undefined before the first. */
  readonly firstHour: () => Promise<number | undefined>
  readonly readCursor: () => Promise<InvoiceCursor | undefined>
  /** False where another moved it first. */
  readonly moveCursor: (to: InvoiceCursor) => Promise<boolean>
  /** Ids of consumers, removed ones too, in their order; without the owner. */
  readonly consumersAfter: (after: string | undefined, limit: number) => Promise<readonly string[]>
  readonly readClosed: (consumerId: string, month: string) => Promise<ClosedMonth | undefined>
  readonly lastNumber: () => Promise<number>
  /** One transaction: the month if it is not closed, the number if it is the next, the adjustments if there are `count`. */
  readonly putClosed: (consumerId: string, closed: ClosedMonth, count: number) => Promise<CloseOutcome>
  /** Months that were passed and could not be closed. */
  readonly listFailed: () => Promise<readonly FailedMonth[]>
  readonly noteFailed: (of: FailedMonth) => Promise<unknown>
  /** Of a month that was noted and is closed now. */
  readonly forgetFailed: (of: FailedMonth) => Promise<unknown>
}

/** A consumer's month that could not be closed: each work on invoices tries it again. */
export type FailedMonth = { readonly consumerId: string; readonly month: string }

type Failure = FailedMonth & { readonly thrown: unknown }

// Clocks of environments are not so far apart: who opens a chain later does it in the next month.
const graceMs = 3_600_000

/** Between two looks at the time. */
const mostConsumers = 50

const mostTries = 50

const isNothing = ({ lines }: Invoice): boolean => lines.length === 0

/**
 * Closes a consumer's month, whose hours are all folded: with the next number, or as a month of nothing. An invoice that is
 * there is never made again. -> whether it was made by this.
 */
export const finaliseInvoice =
  (ports: FinalisePorts) =>
  async (consumerId: string, month: string): Promise<boolean> => {
    for (let tries = 0; tries < mostTries; tries++) {
      if (await ports.readClosed(consumerId, month)) return false
      const number = (await ports.lastNumber()) + 1
      const { invoice, count } = await closedInvoice(ports)({ consumerId, month }, ports.nowMs())
      const closed: ClosedMonth = isNothing(invoice)
        ? { kind: 'nothing', month }
        : { kind: 'invoice', body: invoiceBody({ ...invoice, state: 'final', number }) }
      const outcome = await ports.putClosed(consumerId, closed, count)
      if (outcome !== 'moved') return outcome === 'closed' && closed.kind === 'invoice'
    }
    throw new Error(`invoice of ${consumerId} ${month}: expected its number in ${mostTries} tries, others came first`)
  }

const firstMonth = async ({ firstHour, hourAt }: FinalisePorts): Promise<string | undefined> => {
  const startMs = await firstHour()
  return startMs === undefined ? undefined : monthOf(hourAt(startMs))
}

/**
 * Where to begin: it is kept before consumers are listed, so that whoever adjusts from then on finds it, and then looked for
 * once more, for those who adjusted before. Undefined where there is nothing yet.
 */
const readBegun = async (ports: FinalisePorts): Promise<InvoiceCursor | 'moved' | undefined> => {
  const cursor = await ports.readCursor()
  if (cursor && !cursor.isFirst) return cursor
  const found = await firstMonth(ports)
  if (found === undefined) return undefined
  const month = cursor && cursor.month < found ? cursor.month : found
  const to: InvoiceCursor = cursor ? { month, revision: cursor.revision + 1 } : { month, revision: 1, isFirst: true }
  if (!(await ports.moveCursor(to))) return 'moved'
  return cursor ? to : await readBegun(ports)
}

const isComplete = async ({ listUnfolded }: FinalisePorts, range: HourRange, nowMs: number): Promise<boolean> =>
  nowMs >= range.toMs + graceMs && (await listUnfolded(range)).length === 0

/**
 * Closes the month of the cursor for some consumers, and moves it; where another moved it first the next one begins there.
 * One that cannot be closed is noted, and does not hold up the others. Undefined where there is nothing to do.
 */
const closeSome = async (ports: FinalisePorts, failures: Failure[]): Promise<number | undefined> => {
  const cursor = await readBegun(ports)
  if (cursor === 'moved') return 0
  if (!cursor || !(await isComplete(ports, monthRange(ports.hourAt, cursor.month), ports.nowMs()))) return undefined
  const consumers = await ports.consumersAfter(cursor.after, mostConsumers)
  let made = 0
  for (const consumerId of consumers) {
    const of = { consumerId, month: cursor.month }
    try {
      if (await finaliseInvoice(ports)(consumerId, cursor.month)) made += 1
    } catch (thrown) {
      // Before the cursor passes it: whoever dies between leaves it to be found.
      await ports.noteFailed(of)
      failures.push({ ...of, thrown })
    }
  }
  const revision = cursor.revision + 1
  const last = consumers.at(-1)
  const next = last === undefined ? { month: nextMonth(cursor.month) } : { month: cursor.month, after: last }
  await ports.moveCursor({ ...next, revision })
  return made
}

/** Tries again what could not be closed before; what failed in this work already is left to the next one. */
const closeFailed = async (ports: FinalisePorts, failures: Failure[], hasTime: () => boolean): Promise<number> => {
  const tried = new Set(failures.map(({ consumerId, month }) => `${month} ${consumerId}`))
  let made = 0
  for (const of of await ports.listFailed()) {
    if (tried.has(`${of.month} ${of.consumerId}`)) continue
    if (!hasTime()) break
    try {
      if (await finaliseInvoice(ports)(of.consumerId, of.month)) made += 1
      await ports.forgetFailed(of)
    } catch (thrown) {
      failures.push({ ...of, thrown })
    }
  }
  return made
}

/** Named in a fault; the rest is counted. */
const mostNamed = 20

const textOf = ({ consumerId, month, thrown }: Failure): string =>
  `${consumerId} ${month} (${thrown instanceof Error ? thrown.message : thrown})`

const faultOf = (failures: readonly Failure[]): Error => {
  const named = failures.slice(0, mostNamed).map(textOf)
  const more = failures.length > mostNamed ? `, and ${failures.length - mostNamed} more` : ''
  return new Error(
    `invoices: ${failures.length} could not be made and are tried again with each tick: ${named.join(', ')}${more}`,
    { cause: failures[0]?.thrown },
  )
}

/**
 * Closes months that are over and folded, oldest first, some consumers at a time, while there is time; then what could not be
 * closed before. -> how many invoices were made. Throws when all were tried, with the names of those that could not be closed.
 */
export const finaliseInvoices =
  (ports: FinalisePorts) =>
  async (hasTime: () => boolean): Promise<number> => {
    const failures: Failure[] = []
    let made = 0
    while (hasTime()) {
      const some = await closeSome(ports, failures)
      if (some === undefined) break
      made += some
    }
    made += await closeFailed(ports, failures, hasTime)
    if (failures.length > 0) throw faultOf(failures)
    return made
  }
