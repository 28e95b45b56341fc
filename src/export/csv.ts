import { formatNano } from '../billing/money.ts'
import { csvCell } from '../csv/csv-answer.ts'
import type { HourRecord, HourTotal } from '../ledger/totals.ts'
import type { UsageRow } from '../ledger/usage-row.ts'

const delimiter = ','

/** RFC 4180. */
const lineOf = (cells: readonly (string | number | boolean | undefined)[]): string =>
  `${cells.map((cell) => csvCell(cell === undefined ? '' : String(cell), delimiter)).join(delimiter)}\r\n`

const iso = (ms: number): string => new Date(ms).toISOString()

export const totalsHeader = lineOf([
  ...['hour', 'from', 'to', 'consumer', 'model', 'version', 'key', 'unit', 'price', 'paid_by'],
  ...['calls', 'units', 'cost', 'currency'],
])

/** The lines of one consumer's folded hour; costs are exact decimals. */
export const totalLines = (
  { hour, startMs, endMs }: Pick<HourRecord, 'hour' | 'startMs' | 'endMs'>,
  { consumerId, lines }: Pick<HourTotal, 'consumerId' | 'lines'>,
  currency: string,
): string =>
  lines
    .map(({ model, version, keyId, unit, priceId, paidBy, calls, units, costNano }) =>
      lineOf([
        ...[hour, iso(startMs), iso(endMs), consumerId, model, version, keyId, unit, priceId, paidBy],
        ...[calls, units, formatNano(costNano), currency],
      ]),
    )
    .join('')

export const rowsHeader = lineOf([
  ...['hour', 'admitted', 'consumer', 'key', 'model', 'version', 'origin', 'unit', 'units', 'cost', 'currency'],
  ...['price', 'ms', 'cold', 'request', 'chain', 'number'],
])

/** One usage row. `chain` and `number` are its place in the ledger. */
export const rowLine = (
  of: { hour: string; consumerId: string; chain: string },
  row: UsageRow,
  currency: string,
): string =>
  lineOf([
    ...[
      of.hour,
      iso(row.admittedAtMs),
      of.consumerId,
      row.keyId,
      row.model,
      row.version,
      row.origin,
      row.unit,
      row.units,
    ],
    ...[formatNano(row.costNano), currency, row.priceId, row.durationMs, row.cold, row.requestId, of.chain, row.number],
  ])
