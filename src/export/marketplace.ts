import type { Refusal } from './export-hours.ts'
import { type ExportRecord, recordId } from './record.ts'

/** https://docs.aws.amazon.com/marketplace/latest/APIReference/API_marketplace-metering_UsageRecord.html */
export type UsageRecord = {
  /** Seconds since 1970. */
  readonly Timestamp: number
  readonly Dimension: string
  readonly Quantity: number
  /** One of the two, and the same one in all records of a request. */
  readonly CustomerAWSAccountId?: string
  readonly CustomerIdentifier?: string
}

export type MarketplaceMessage = { readonly id: string; readonly record: UsageRecord }

/** https://docs.aws.amazon.com/marketplace/latest/APIReference/API_marketplace-metering_BatchMeterUsage.html */
export const mostUsageRecords = 25

const mostQuantity = 2_147_483_647
/** Of an hour's start. */
export const mostAgeMs = 6 * 3_600_000

const accountId = /^\d{12}$/

/**
 * The record of an hour; undefined where nothing of it was charged. A text: why it would not be taken. Its time is the hour's
 * start, and its dimension the model, so that an hour has one record of a customer and dimension.
 */
export const usageRecord = (
  record: ExportRecord,
  customer: string,
  nowMs: number,
): MarketplaceMessage | string | undefined => {
  const { units, startMs, model } = record
  if (units === 0) return undefined
  if (nowMs - startMs >= mostAgeMs) return `time: expected at most 6 hours ago, got ${new Date(startMs).toISOString()}`
  if (units > mostQuantity) return `quantity: expected at most ${mostQuantity}, got ${units}`
  const of = accountId.test(customer) ? { CustomerAWSAccountId: customer } : { CustomerIdentifier: customer }
  return { id: recordId(record), record: { Timestamp: startMs / 1000, Dimension: model, Quantity: units, ...of } }
}

/** Requests of these: identifiers of the two kinds may not be in one. */
export const requestsOf = (messages: readonly MarketplaceMessage[]): readonly (readonly MarketplaceMessage[])[] => [
  ...Map.groupBy(messages, ({ record }) => record.CustomerIdentifier === undefined).values(),
]

export type BatchMeterUsageAnswer = {
  readonly Results?: readonly { readonly Status?: string; readonly UsageRecord?: Partial<UsageRecord> }[]
  readonly UnprocessedRecords?: readonly unknown[]
}

const sameRecord = (a: UsageRecord, b: Partial<UsageRecord>): boolean =>
  a.Dimension === b.Dimension &&
  a.Quantity === b.Quantity &&
  a.CustomerAWSAccountId === b.CustomerAWSAccountId &&
  a.CustomerIdentifier === b.CustomerIdentifier

/**
 * What an answer refuses for good. Undefined where records were not processed: the request is repeated as it is, which the
 * service drops of what it has.
 */
export const refusedOf = (
  messages: readonly MarketplaceMessage[],
  { Results = [], UnprocessedRecords = [] }: BatchMeterUsageAnswer,
): readonly Refusal[] | undefined => {
  if (UnprocessedRecords.length > 0 || Results.length !== messages.length) return undefined
  return Results.flatMap(({ Status = 'Success', UsageRecord }) => {
    if (Status === 'Success' || !UsageRecord) return []
    const refused = messages.filter(({ record }) => sameRecord(record, UsageRecord))
    return refused.map(({ id }) => ({ id, reason: Status }))
  })
}
