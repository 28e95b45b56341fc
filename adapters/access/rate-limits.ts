import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Slots, TakeBlock } from '../../src/access/rate-limit.ts'
import { schema, type Table } from '../aws/table.ts'

const limitPk = (subject: string): string => `R#${subject}`

// A window's counter is of no use once every environment's clock has left it; TTL deletes it days later.
const keptMs = 600_000
const inSeconds = (ms: number): number => Math.ceil(ms / 1000)

// Others take at the same moment, each time fewer are left.
const mostTries = 4

/** Counts in one item a window. An attempt whose answer is lost counts twice: fewer requests pass, never more. */
export const takeBlock =
  ({ documents, table }: Table): TakeBlock =>
  async ({ subject, name, index, windowMs }, wanted, quota) => {
    let ask = wanted
    let taken = quota
    for (let tries = 0; tries < mostTries && ask > 0; tries++) {
      const take = new UpdateCommand({
        TableName: table,
        Key: { pk: limitPk(subject), sk: `${name}#${index}` },
        UpdateExpression: 'SET expires = :expires, #schema = :schema ADD taken :ask',
        ConditionExpression: 'attribute_not_exists(taken) OR taken <= :below',
        ExpressionAttributeNames: { '#schema': 'schema' },
        ExpressionAttributeValues: {
          ':ask': ask,
          ':below': quota - ask,
          ':expires': inSeconds((index + 1) * windowMs + keptMs),
          ':schema': schema,
        },
        ReturnValues: 'UPDATED_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      })
      try {
        const { Attributes } = await documents.send(take)
        return { got: ask, taken: Number(Attributes?.taken) }
      } catch (thrown) {
        if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
        taken = Number(thrown.Item?.taken?.N ?? quota)
        ask = Math.min(ask, quota - taken)
      }
    }
    return { got: 0, taken }
  }

// The gateway waits 30 s and the function ends after 29: twice that, for clocks that differ.
const slotMs = 60_000
const slotsSk = 'concurrent'
const holder = (id: string): string => `s_${id}`

type Stored = Readonly<Record<string, { readonly N?: string } | undefined>>

const expiredIn = (item: Stored, nowMs: number): readonly (readonly [string, number])[] =>
  Object.entries(item)
    .filter(([name]) => name.startsWith(holder('')))
    .map(([name, value]) => [name, Number(value?.N)] as const)
    .filter(([, untilMs]) => untilMs <= nowMs)

/** Requests under way are members of one item a subject, each with its end, and their number. */
export const slots = ({ documents, table }: Table): Slots => {
  const update = (subject: string, fields: object) =>
    documents.send(new UpdateCommand({ TableName: table, Key: { pk: limitPk(subject), sk: slotsSk }, ...fields }))

  /** False where the member is not there any more, or has another end. */
  const remove = async (subject: string, name: string, untilMs?: number): Promise<boolean> => {
    const condition = untilMs === undefined ? 'attribute_exists(#slot)' : '#slot = :until'
    try {
      await update(subject, {
        UpdateExpression: 'REMOVE #slot ADD held :less',
        ConditionExpression: condition,
        ExpressionAttributeNames: { '#slot': name },
        ExpressionAttributeValues: { ':less': -1, ...(untilMs !== undefined && { ':until': untilMs }) },
      })
      return true
    } catch (thrown) {
      if (thrown instanceof ConditionalCheckFailedException) return false
      throw thrown
    }
  }

  const acquire: Slots['acquire'] = async (subject, quota, id, nowMs) => {
    const name = holder(id)
    let held = quota
    for (let tries = 0; tries < mostTries; tries++) {
      try {
        const { Attributes } = await update(subject, {
          UpdateExpression: 'SET #slot = :until, #schema = :schema, expires = :expires ADD held :one',
          // The SDK sends again what had no answer: a slot is taken once.
          ConditionExpression: 'attribute_not_exists(#slot) AND (attribute_not_exists(held) OR held < :quota)',
          ExpressionAttributeNames: { '#slot': name, '#schema': 'schema' },
          ExpressionAttributeValues: {
            ':until': nowMs + slotMs,
            ':one': 1,
            ':quota': quota,
            ':schema': schema,
            ':expires': inSeconds(nowMs + slotMs + keptMs),
          },
          ReturnValues: 'UPDATED_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        })
        return { got: true, held: Number(Attributes?.held) }
      } catch (thrown) {
        if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
        const item: Stored = thrown.Item ?? {}
        held = Number(item.held?.N ?? quota)
        if (item[name]) return { got: true, held }
        const expired = expiredIn(item, nowMs)
        if (expired.length === 0 && held >= quota) return { got: false, held }
        await Promise.all(expired.map(([slot, untilMs]) => remove(subject, slot, untilMs)))
      }
    }
    return { got: false, held }
  }

  return {
    acquire,
    release: async (subject, id) => {
      await remove(subject, holder(id))
    },
  }
}
