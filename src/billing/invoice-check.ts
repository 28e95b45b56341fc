import type { InvoiceBody, InvoiceLineBody } from './invoice-body.ts'

/** What an invoice says, and what the ledger comes to. */
export type InvoiceDifference = {
  /** Absent of a number that no invoice has. */
  readonly consumer?: string
  readonly month?: string
  /** `total`, `due`, `paid`, `number`, or a line such as `usage cars at price p1`. */
  readonly what: string
  readonly expected: string
  readonly got: string
}

const nameOf = ({ kind, model, price, from, id }: InvoiceLineBody): string => {
  if (kind === 'adjustment') return `adjustment ${id}`
  const behind = from === undefined ? '' : ` behind ${from}`
  return `${kind} ${model}${price === undefined ? '' : ` at price ${price}`}${behind}`
}

const none = 'none'

const linesByName = (lines: readonly InvoiceLineBody[]): ReadonlyMap<string, string> =>
  new Map(
    lines.map((line) => {
      const { kind: _, model: __, price: ___, id: ____, ...said } = line
      // DynamoDB keeps no order of names.
      return [nameOf(line), JSON.stringify(Object.fromEntries(Object.entries(said).sort()))]
    }),
  )

const paidText = (paid: InvoiceBody['paid']): string =>
  paid.length === 0 ? none : paid.map(({ by, amount }) => `${by} ${amount}`).join(', ')

type Said = readonly (readonly [what: string, expected: string, got: string])[]

/** A final invoice against the one that the ledger makes now: every line, sum and bound that differs. */
const invoiceDifferences = (kept: InvoiceBody, made: InvoiceBody): readonly InvoiceDifference[] => {
  const [keptLines, madeLines] = [linesByName(kept.lines), linesByName(made.lines)]
  const names = [...new Set([...madeLines.keys(), ...keptLines.keys()])]
  const said: Said = [
    ...names.map((name) => [name, madeLines.get(name) ?? none, keptLines.get(name) ?? none] as const),
    ['total', made.total, kept.total],
    ['paid', paidText(made.paid), paidText(kept.paid)],
    ['due', made.due, kept.due],
    ['currency', made.currency, kept.currency],
    ['from', made.from, kept.from],
    ['to', made.to, kept.to],
  ]
  const { consumer, month } = kept
  return said.flatMap(([what, expected, got]) => (expected === got ? [] : [{ consumer, month, what, expected, got }]))
}

export type NumberedInvoice = { readonly number: number; readonly consumer: string; readonly month: string }

/** Numbers taken while they were read, from `last` to `until`, are left out. Numbers run from 1 to the last without gaps, each on one invoice; of months that were looked at, it says the same. */
const numberDifferences = (
  { last, until }: { readonly last: number; readonly until: number },
  numbered: readonly NumberedInvoice[],
  kept: readonly InvoiceBody[],
  covers: (month: string) => boolean,
): readonly InvoiceDifference[] => {
  const byNumber = new Map(numbered.map((one) => [one.number, one]))
  const bodies = new Map(kept.map((body) => [`${body.consumer} ${body.month}`, body]))
  const highest = Math.max(last, ...byNumber.keys())
  return Array.from({ length: highest }, (_, i) => i + 1).flatMap((number) => {
    if (number > last && number <= until) return []
    const one = byNumber.get(number)
    const body = one && bodies.get(`${one.consumer} ${one.month}`)
    const got = !one ? none : covers(one.month) ? String(body?.number ?? none) : String(number)
    const expected = number > last ? none : String(number)
    if (got === expected) return []
    return [{ ...(one && { consumer: one.consumer, month: one.month }), what: 'number', expected, got }]
  })
}

/** A month of a consumer as it was closed; undefined where there was nothing to invoice. */
export type KeptMonth = {
  readonly consumerId: string
  readonly month: string
  readonly body?: InvoiceBody
  /** Why its lines cannot be read; the body has none then. */
  readonly unreadable?: string
}

export type InvoiceCheckPorts = {
  /** Of months that `covers` takes. */
  readonly keptMonths: () => AsyncIterable<KeptMonth>
  readonly covers: (month: string) => boolean
  /** What the ledger comes to now: of totals, or of rows, whichever `listTotals` it was made with. */
  readonly makeNow: (consumerId: string, month: string) => Promise<InvoiceBody>
  readonly lastNumber: () => Promise<number>
  readonly numbered: () => Promise<readonly NumberedInvoice[]>
}

/** A ledger that was altered may have no invoice at all: that is a difference, not an end of the check. */
const monthDifferences = async (
  { makeNow }: InvoiceCheckPorts,
  { consumerId, month, body, unreadable }: KeptMonth,
): Promise<readonly InvoiceDifference[]> => {
  if (unreadable !== undefined)
    return [{ consumer: consumerId, month, what: 'lines', expected: 'what was put', got: unreadable }]
  try {
    const made = await makeNow(consumerId, month)
    return invoiceDifferences(body ?? { ...made, lines: [], total: '0', paid: [], due: '0' }, made)
  } catch (thrown) {
    const expected = `none that could be made: ${thrown instanceof Error ? thrown.message : thrown}`
    return [{ consumer: consumerId, month, what: 'invoice', expected, got: body ? `number ${body.number}` : none }]
  }
}

/** Makes every closed month that is covered anew and compares: each difference is named. Reads only. */
export const checkInvoices = async (ports: InvoiceCheckPorts): Promise<readonly InvoiceDifference[]> => {
  // In this order, and before the bodies: months may be closed meanwhile.
  const last = await ports.lastNumber()
  const numbered = await ports.numbered()
  const until = await ports.lastNumber()
  const differences: InvoiceDifference[] = []
  const bodies: InvoiceBody[] = []
  for await (const kept of ports.keptMonths()) {
    if (kept.body) bodies.push(kept.body)
    differences.push(...(await monthDifferences(ports, kept)))
  }
  return [...differences, ...numberDifferences({ last, until }, numbered, bodies, ports.covers)]
}
