import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { CountsPage, PutCounts } from '../../src/call/call-counts.ts'
import type { Counts } from '../../src/call/counts.ts'
import { schema, type Table } from '../aws/table.ts'

/** Statistics are kept for this long; DynamoDB deletes them by `expires`. */
export const keptDays = 14

const msPerSecond = 1000
const dayMs = 86_400_000
const numberDigits = 10
// Longer than DynamoDB's slow hundredth, shorter than a caller notices: statistics hold no call up.
const longestPutMs = 500

const modelPk = (model: string): string => `N#${model}`
const versionPart = (version: number): string => String(version).padStart(numberDigits, '0')
const hourPart = (ms: number): string => new Date(ms).toISOString().slice(0, 'YYYY-MM-DDTHH'.length)

/** Puts a page as this environment's own item; what was there is replaced. `environment` is random and unique. */
export const putCounts =
  ({ documents, table }: Table, environment: string): PutCounts =>
  async ({ model, version, hourStartMs, page, by }) => {
    const Item = {
      pk: modelPk(model),
      sk: `${versionPart(version)}#${hourPart(hourStartMs)}#${environment}#${page}`,
      schema,
      by,
      expires: Math.floor((hourStartMs + (keptDays + 1) * dayMs) / msPerSecond),
    }
    try {
      await documents.send(new PutCommand({ TableName: table, Item }), {
        abortSignal: AbortSignal.timeout(longestPutMs),
      })
      return 'put'
    } catch {
      return 'failed'
    }
  }

/** By consumer, what each environment counted of a version in the UTC hours from `sinceMs` on; consistent. */
export type ReadCounts = (model: string, version: number, sinceMs: number) => Promise<readonly CountsPage['by'][]>

export const readCounts =
  ({ documents, table }: Table): ReadCounts =>
  async (model, version, sinceMs) => {
    const pages: Readonly<Record<string, Counts>>[] = []
    const from = `${versionPart(version)}#${hourPart(sinceMs)}`
    // `~` sorts behind all that follows a version's number.
    const to = `${versionPart(version)}#~`
    let after: Record<string, unknown> | undefined
    do {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': modelPk(model), ':from': from, ':to': to },
          ConsistentRead: true,
          ...(after && { ExclusiveStartKey: after }),
        }),
      )
      // Items of this key are written by putCounts only.
      for (const { by } of Items) pages.push(by as CountsPage['by'])
      after = LastEvaluatedKey
    } while (after)
    return pages
  }
