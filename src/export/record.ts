import type { PriceUnit } from '../billing/price.ts'
import type { HourRecord, HourTotal, TotalLine } from '../ledger/totals.ts'

/** What a consumer used of a model in a folded hour. It cannot change any more, and each receiver is told of it once. */
export type ExportRecord = {
  readonly hour: string
  readonly startMs: number
  readonly endMs: number
  readonly consumerId: string
  readonly model: string
  readonly calls: number
  /** What was charged for; absent where all of it was free. */
  readonly unit?: PriceUnit
  /** Units that cost something: what is free is counted among the calls only. */
  readonly units: number
  readonly costNano: bigint
}

/** The same for the same record, for good: receivers know a repetition by it. Neither part has a `/`. */
export const recordId = ({ hour, consumerId, model }: Pick<ExportRecord, 'hour' | 'consumerId' | 'model'>): string =>
  `${hour}/${consumerId}/${model}`

/** Their order within an hour. */
export const recordKey = ({ consumerId, model }: Pick<ExportRecord, 'consumerId' | 'model'>): string =>
  `${consumerId}/${model}`

const recordOf = (
  { hour, startMs, endMs }: Pick<HourRecord, 'hour' | 'startMs' | 'endMs'>,
  consumerId: string,
  model: string,
  lines: readonly TotalLine[],
): ExportRecord => {
  // An hour has one price of a model, so one unit; a model's first rows may have been free.
  const charged = lines.filter(({ costNano }) => costNano > 0n)
  const unit = charged[0]?.unit
  return {
    ...{ hour, startMs, endMs, consumerId, model },
    calls: lines.reduce((sum, line) => sum + line.calls, 0),
    ...(unit && { unit }),
    units: charged.reduce((sum, line) => sum + line.units, 0),
    costNano: lines.reduce((sum, line) => sum + line.costNano, 0n),
  }
}

/** The records of a folded hour, in the order of their keys. */
export const recordsOf = (
  hour: Pick<HourRecord, 'hour' | 'startMs' | 'endMs'>,
  totals: readonly Pick<HourTotal, 'consumerId' | 'lines'>[],
): readonly ExportRecord[] =>
  totals
    .flatMap(({ consumerId, lines }) =>
      [...Map.groupBy(lines, ({ model }) => model)].map(([model, own]) => recordOf(hour, consumerId, model, own)),
    )
    .toSorted((a, b) => (recordKey(a) < recordKey(b) ? -1 : 1))
