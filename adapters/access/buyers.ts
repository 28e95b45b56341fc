import { type Consumer, takenBuyer } from '../../src/access/consumer.ts'
import { mostAgeMs } from '../../src/export/marketplace.ts'
import { cancelledBy, schema } from '../aws/table.ts'

const keyOf = (buyer: string) => ({ pk: 'BUYER', sk: buyer })

// Its last hour may have begun at the very end; another's record of that hour is too old to be sent then.
const heldMs = mostAgeMs + 3_600_000

export type BuyerChange = {
  readonly before: Consumer
  readonly after: Consumer
  /** The change names the buyer, be it the one that it was: consumers had one before there were items. */
  readonly asksBuyer?: boolean
}

/**
 * What a change of a consumer does to the items that say whose a buyer in AWS Marketplace is, one each: a buyer's hour has one
 * record of a model, so two consumers are never the same one. Who is it no more, or is removed, gives it back: another takes it
 * once no record of both can be in one hour.
 */
export const buyerActions = (
  registryTable: string,
  { before, after, asksBuyer = false }: BuyerChange,
  atMs: number,
) => {
  const had = before.marketplaceCustomer
  const has = after.deletedAtMs === undefined ? after.marketplaceCustomer : undefined
  const isOwn = 'attribute_not_exists(pk) OR #consumer = :own'
  const take = has !== undefined &&
    (has !== had || asksBuyer) && {
      Put: {
        TableName: registryTable,
        Item: { ...keyOf(has), schema, consumer: after.id },
        ConditionExpression: `${isOwn} OR #expires <= :now`,
        ExpressionAttributeNames: { '#consumer': 'consumer', '#expires': 'expires' },
        ExpressionAttributeValues: { ':own': after.id, ':now': Math.floor(atMs / 1000) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    }
  const giveBack = had !== undefined &&
    had !== has && {
      Put: {
        TableName: registryTable,
        Item: { ...keyOf(had), schema, consumer: after.id, expires: Math.ceil((atMs + heldMs) / 1000) },
        ConditionExpression: isOwn,
        ExpressionAttributeNames: { '#consumer': 'consumer' },
        ExpressionAttributeValues: { ':own': after.id },
      },
    }
  return { take: take ? [take] : [], giveBack: giveBack ? [giveBack] : [] }
}

/** Throws CONFLICT where the action at this position of a cancelled transaction met another consumer's item. */
export const refuseTaken = (thrown: unknown, position: number, buyer: string | undefined): void => {
  const there = cancelledBy<{ readonly consumer: string; readonly expires?: number }>(thrown, position)
  if (there)
    throw takenBuyer(buyer ?? '', there.consumer, there.expires === undefined ? undefined : there.expires * 1000)
}
