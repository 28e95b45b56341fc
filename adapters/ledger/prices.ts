import { randomUUID } from 'node:crypto'
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { auditOfPrice } from '../../src/access/audited.ts'
import { type Price, priceInForce } from '../../src/billing/price.ts'
import { PercallError } from '../../src/errors.ts'
import type { Hour } from '../../src/ledger/hour.ts'
import { unknownModel } from '../../src/registry/model.ts'
import { auditPut } from '../access/audit.ts'
import { cancellation, isConflict, queryAll, schema, stored, type Table, untilSettled } from '../aws/table.ts'
import { modelPk } from '../registry/registry.ts'
import { openedKey, requireTerm } from './terms.ts'

const pricePk = (model: string): string => `P#${model}`
// Hours begin at whole minutes, and their starts in UTC sort as text; a model's first price sorts before every hour.
const priceSk = (fromMs: number): string => (fromMs === 0 ? '0000' : new Date(fromMs).toISOString().slice(0, 16))

/**
 * Raises the latest opened hour to this one: from here on no price of it can be put.
 * Throws BILLING_FIXED where chains were opened under another billing zone.
 */
const openHour =
  ({ documents, table }: Table, zone: string) =>
  async ({ startMs, label }: Hour): Promise<void> => {
    const raise = new UpdateCommand({
      TableName: table,
      Key: openedKey,
      UpdateExpression: 'SET startMs = :startMs, #label = :label, #zone = :zone, #schema = :schema',
      ConditionExpression:
        'attribute_not_exists(pk) OR (startMs < :startMs AND (attribute_not_exists(#zone) OR #zone = :zone))',
      ExpressionAttributeNames: { '#label': 'label', '#zone': 'zone', '#schema': 'schema' },
      ExpressionAttributeValues: { ':startMs': startMs, ':label': label, ':zone': zone, ':schema': schema },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    await untilSettled(async () => {
      try {
        await documents.send(raise)
      } catch (thrown) {
        // The put of a price checks the same item.
        if (isConflict(thrown)) return 'again'
        if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
        requireTerm('zone', thrown.Item?.zone?.S, zone)
      }
    })
  }

/** The latest price that holds from the hour's start or earlier. */
const readPrice =
  ({ documents, table }: Table) =>
  async (model: string, hour: Hour): Promise<Price | undefined> => {
    const { Items } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND sk <= :hour',
        ExpressionAttributeValues: { ':pk': pricePk(model), ':hour': priceSk(hour.startMs) },
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: 1,
      }),
    )
    return Items?.[0] && stored<Price>(Items[0])
  }

/** The price of an hour, read once after the hour is known to be opened, then kept; the absence of one is not kept. */
export const priceAt = (table: Table, zone: string) => {
  let openedMs = Number.NEGATIVE_INFINITY
  let hourMs = Number.NaN
  let kept = new Map<string, Price>()
  return async (model: string, hour: Hour): Promise<Price | undefined> => {
    if (hour.startMs !== hourMs) {
      hourMs = hour.startMs
      kept = new Map()
    }
    const known = kept.get(model)
    if (known) return known
    if (openedMs < hour.startMs) {
      await openHour(table, zone)(hour)
      openedMs = hour.startMs
    }
    const price = await readPrice(table)(model, hour)
    if (price && hourMs === hour.startMs) kept.set(model, price)
    return price
  }
}

export const listPrices =
  (table: Table) =>
  async (model: string): Promise<readonly Price[]> =>
    (await queryAll(table)(pricePk(model))).map((item) => stored<Price>(item))

/** Start of the latest opened hour; 0 before the first call. */
export const latestOpenedMs =
  ({ documents, table }: Table) =>
  async (): Promise<number> => {
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key: openedKey, ConsistentRead: true }))
    return Number(Item?.startMs ?? 0)
  }

const unlessReplaced = (there: Price | undefined) =>
  there
    ? { ConditionExpression: 'id = :there', ExpressionAttributeValues: { ':there': there.id } }
    : { ConditionExpression: 'attribute_not_exists(pk)' }

/**
 * Puts a price in one transaction with its row of the audit. A later hour: only while it is not opened, else
 * PRICE_TOO_LATE. `fromMs` 0 is a model's first price: put if absent, else CONFLICT. Throws UNKNOWN_MODEL.
 */
export const putPrice =
  (registry: Table) =>
  (fields: Omit<Price, 'id'>, actor: string, nowMs: number): Promise<Price> => {
    const { documents, table } = registry
    const price: Price = { id: randomUUID(), ...fields }
    const first = price.fromMs === 0
    const opened = {
      TableName: table,
      Key: openedKey,
      ConditionExpression: 'attribute_not_exists(pk) OR startMs < :fromMs',
      ExpressionAttributeValues: { ':fromMs': price.fromMs },
    }
    const model = {
      TableName: table,
      Key: { pk: modelPk, sk: price.model },
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(deletedAtMs)',
    }
    return untilSettled(async () => {
      const before = priceInForce(await listPrices(registry)(price.model), price.fromMs)
      const there = before?.fromMs === price.fromMs ? before : undefined
      const put = {
        TableName: table,
        Item: { pk: pricePk(price.model), sk: priceSk(price.fromMs), schema, ...price },
        ...unlessReplaced(first ? undefined : there),
      }
      const row = auditOfPrice({ actor, action: 'price.put', before, after: price, atMs: nowMs })
      const TransactItems = [
        ...[{ ConditionCheck: model }, { Put: put }, auditPut(table, row)],
        ...(first ? [] : [{ ConditionCheck: opened }]),
      ]
      try {
        await documents.send(new TransactWriteCommand({ TransactItems }))
        return price
      } catch (thrown) {
        const [noModel, noPut, , late] = cancellation(thrown)?.map((code) => code === 'ConditionalCheckFailed') ?? []
        if (noModel) throw unknownModel(price.model)
        if (late)
          throw new PercallError(
            'PRICE_TOO_LATE',
            `from: expected an hour that is not opened, ${priceSk(price.fromMs)}Z is`,
          )
        if (noPut && first)
          throw new PercallError('CONFLICT', `price of ${price.model}: another first price came at the same time`)
        if (noPut || isConflict(thrown)) return 'again'
        throw thrown
      }
    })
  }
