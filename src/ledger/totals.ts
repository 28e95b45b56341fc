import type { Payer } from '../billing/plan.ts'
import type { PriceUnit } from '../billing/price.ts'
import type { Hour, HourAt } from './hour.ts'
import type { UsageRow } from './usage-row.ts'

/** What the rows of one consumer, hour, model, version, key, price and payer come to. */
export type TotalLine = {
  readonly model: string
  readonly version: number
  readonly keyId: string
  readonly unit: PriceUnit
  /** Absent: no price was in force; these rows stay free whatever is priced later. */
  readonly priceId?: string
  /** What paid for the rows: the payer of their chain's lease. Absent: no lease. */
  readonly paidBy?: Payer['kind']
  readonly calls: number
  readonly units: number
  readonly costNano: bigint
}

/** All that a consumer used in an hour: no row of it can come or change any more. Lines are in the order of `lineKey`. */
export type HourTotal = {
  readonly consumerId: string
  readonly hour: string
  readonly startMs: number
  readonly lines: readonly TotalLine[]
}

/** A folded hour: its place in the one chain of all folded hours of a deployment. */
export type HourRecord = {
  readonly hour: string
  readonly startMs: number
  readonly endMs: number
  /** From 1, without gaps, in the order in which hours were folded: an hour that waits for a batch comes after later ones. */
  readonly number: number
  /** Hash of the record before it; of the first one, of the empty text. */
  readonly previous: string
  /** Over all chains of the hour and `previous`: `hashOfHour`. */
  readonly hash: string
  /** Of the hash, by the deployment's KMS key; base64. */
  readonly mac: string
  readonly chains: number
  readonly calls: number
  readonly costNano: bigint
}

/** What a chain's slots come to: the hour's hash is over these. */
export type ChainDigest = {
  readonly id: string
  readonly consumerId: string
  readonly rows: number
  readonly hash: string
}

/** An hour of a shard that chains were opened in, or that is marked. */
export type NotedHour = {
  readonly hour: string
  /** Openings are refused. */
  readonly folding: boolean
  /** Its totals are there, and final. */
  readonly folded: boolean
}

/** Hours that begin in [fromMs, toMs). */
export type HourRange = { readonly fromMs: number; readonly toMs: number }

/** A consumer's totals of folded hours, in the order of their starts. */
export type ListTotals = (consumerId: string, range: HourRange) => Promise<readonly HourTotal[]>

/** Records of folded hours, in the order of their starts. */
export type ListRecords = (range: HourRange) => Promise<readonly HourRecord[]>

/**
 * Hours with rows, or that are marked, and whose totals are not final yet: of one consumer's shard, or of all. The hours
 * of a month are complete when the month is over and this lists none of it.
 */
export type ListUnfolded = (range: HourRange, consumerId?: string) => Promise<readonly Hour[]>

export const lineKey = ({ model, version, keyId, unit, priceId, paidBy }: Omit<TotalLine, Sum>): string =>
  JSON.stringify([model, version, keyId, unit, priceId ?? null, paidBy ?? null])

type Sum = 'calls' | 'units' | 'costNano'

type Line = { -readonly [Name in keyof TotalLine]: TotalLine[Name] }

export type Lines = Map<string, Line>

/** Adds a line to the one that has its key. */
export const addLine = (lines: Lines, { calls, units, costNano, ...of }: TotalLine): void => {
  const key = lineKey(of)
  const line = lines.get(key)
  if (!line) {
    lines.set(key, { ...of, calls, units, costNano })
    return
  }
  line.calls += calls
  line.units += units
  line.costNano += costNano
}

/** Adds a row to its line. */
export const addRow = (lines: Lines, row: UsageRow, paidBy: Payer['kind'] | undefined): void => {
  const { model, version, keyId, unit, priceId, units, costNano } = row
  addLine(lines, {
    ...{ model, version, keyId, unit },
    ...(priceId !== undefined && { priceId }),
    ...(paidBy !== undefined && { paidBy }),
    ...{ calls: 1, units, costNano: BigInt(costNano) },
  })
}

/** In the order of their keys, so that whoever computes them writes the same. */
export const linesOf = (lines: Lines): readonly TotalLine[] =>
  [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)

export const sumOfLines = (lines: readonly TotalLine[]): Pick<TotalLine, 'calls' | 'costNano'> => ({
  calls: lines.reduce((sum, line) => sum + line.calls, 0),
  costNano: lines.reduce((sum, line) => sum + line.costNano, 0n),
})

/**
 * The start of an hour by its label alone, to sort by: where the zone's offset changed within the hour it may be up to an
 * hour before its first instant.
 */
export const nominalStart = (hour: string): number => {
  const local = 'YYYY-MM-DDTHH'.length
  return Date.parse(`${hour.slice(0, local)}:00:00${hour.slice(local)}`)
}

const hourMs = 3_600_000
// Zones change their offsets at whole quarters of an hour.
const quarterMs = 900_000

/**
 * The hour of a label. One that is of no hour of the zone is taken by its own offset: before the zone was fixed by any opening,
 * owners' calls may have opened hours of another one, and these are folded like others.
 */
export const hourOfLabel = (hourAt: HourAt, label: string): Hour => {
  const fromMs = nominalStart(label)
  for (let ms = fromMs; ms <= fromMs + hourMs; ms += quarterMs) {
    const hour = hourAt(ms)
    if (hour.label === label) return hour
  }
  return { label, startMs: fromMs, endMs: fromMs + hourMs }
}
