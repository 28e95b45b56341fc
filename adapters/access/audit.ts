import { randomUUID } from 'node:crypto'
import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { AuditQuery, AuditRow } from '../../src/access/audit.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { type Item, nextOf, schema, sortKeyOf, stored, type Table } from '../aws/table.ts'

const auditPk = 'AUDIT'

const timeKey = (ms: number): string => new Date(ms).toISOString()

/** The put of a row, for the transaction of its change: no change without its row, no row without its change. */
export const auditPut = (registryTable: string, row: AuditRow) => {
  const id = randomUUID()
  return {
    Put: {
      TableName: registryTable,
      Item: { pk: auditPk, sk: `${timeKey(row.atMs)}#${id}`, schema, id, ...row },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  }
}

export type ListedAuditRow = AuditRow & { readonly id: string }

const filterOf = ({ of, by }: AuditQuery) => {
  const conditions = [
    ...(of === undefined ? [] : ['(#of = :of OR begins_with(#of, :below))']),
    ...(by === undefined ? [] : ['#actor = :by']),
  ]
  if (conditions.length === 0) return { filter: {}, values: {} }
  return {
    filter: {
      FilterExpression: conditions.join(' AND '),
      ExpressionAttributeNames: {
        ...(of !== undefined && { '#of': 'of' }),
        ...(by !== undefined && { '#actor': 'actor' }),
      },
    },
    values: { ...(of !== undefined && { ':of': of, ':below': `${of}/` }), ...(by !== undefined && { ':by': by }) },
  }
}

const rowsPerFilter = 1000
// A filter that fits nothing reads every row: after so many the caller asks for the next page.
const mostQueries = 10

/** Rows of [fromMs, toMs), newest first. A page with a filter may be short, or empty, and still have a next one. */
export const listAudit =
  ({ documents, table }: Table) =>
  async (query: AuditQuery, { limit, next }: PageRequest): Promise<Page<ListedAuditRow>> => {
    const { filter, values } = filterOf(query)
    const found: Item[] = []
    let after = next === undefined ? undefined : sortKeyOf(next)
    for (let i = 0; i < mostQueries; i++) {
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: {
            ':pk': auditPk,
            ':from': timeKey(query.fromMs),
            // Keys of the last instant are its time and an id behind it.
            ':to': timeKey(query.toMs),
            ...values,
          },
          ...filter,
          ConsistentRead: true,
          ScanIndexForward: false,
          // One more than the page tells whether there is a next one.
          Limit: query.of === undefined && query.by === undefined ? limit + 1 : rowsPerFilter,
          ...(after !== undefined && { ExclusiveStartKey: { pk: auditPk, sk: after } }),
        }),
      )
      found.push(...Items)
      after = LastEvaluatedKey?.sk as string | undefined // the table's keys are texts
      if (found.length > limit || after === undefined) break
    }
    const items = found.slice(0, limit)
    const last = found.length > limit ? String(items.at(-1)?.sk) : after
    return {
      items: items.map((item) => stored<ListedAuditRow>(item)),
      ...(last !== undefined && { next: nextOf(last) }),
    }
  }
