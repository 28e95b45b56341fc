import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { type Dataset, type DatasetVersion, datasetKey } from '../../src/dataset/dataset.ts'
import { PercallError } from '../../src/errors.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import { versionKey } from '../../src/registry/version.ts'
import { queryPage, schema, stored, type Table } from '../aws/table.ts'

const datasetPk = 'DATASET'
const versionPk = (dataset: string): string => `DV#${dataset}`

const get =
  ({ documents, table }: Table) =>
  async <Value>(pk: string, sk: string): Promise<Value | undefined> => {
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }))
    return Item && stored<Value>(Item)
  }

export const findDataset = (table: Table) => (name: string) => get(table)<Dataset>(datasetPk, name)

export const findDatasetVersion = (table: Table) => (dataset: string, number: number) =>
  get(table)<DatasetVersion>(versionPk(dataset), versionKey(number))

/** The version with the highest number; one whose bytes were never stored has no row. */
export const latestDatasetVersion =
  (table: Table) =>
  async (dataset: string): Promise<DatasetVersion | undefined> => {
    const { items } = await queryPage(table)(versionPk(dataset), { limit: 1 }, true)
    return items[0] && stored<DatasetVersion>(items[0])
  }

export const listDatasets =
  (table: Table) =>
  async (request: PageRequest): Promise<Page<Dataset>> => {
    const page = await queryPage(table)(datasetPk, request)
    return { ...page, items: page.items.map((item) => stored<Dataset>(item)) }
  }

/** Newest first. */
export const listDatasetVersions =
  (table: Table) =>
  async (dataset: string, request: PageRequest): Promise<Page<DatasetVersion>> => {
    const page = await queryPage(table)(versionPk(dataset), request, true)
    return { ...page, items: page.items.map((item) => stored<DatasetVersion>(item)) }
  }

/** A dataset without versions. Throws CONFLICT when the name is taken. */
export const createDataset =
  ({ documents, table }: Table) =>
  async (dataset: Dataset): Promise<void> => {
    const Item = { pk: datasetPk, sk: dataset.name, schema, ...dataset }
    const put = new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' })
    try {
      await documents.send(put)
    } catch (thrown) {
      if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
      throw new PercallError('CONFLICT', `dataset ${dataset.name}: it exists already`)
    }
  }

const takeNumber = async ({ documents, table }: Table, name: string, nowMs: number): Promise<number> => {
  const update = new UpdateCommand({
    TableName: table,
    Key: { pk: datasetPk, sk: name },
    UpdateExpression:
      'SET #name = :name, #schema = :schema, createdAtMs = if_not_exists(createdAtMs, :now) ADD lastVersion :one',
    ExpressionAttributeNames: { '#name': 'name', '#schema': 'schema' },
    ExpressionAttributeValues: { ':name': name, ':schema': schema, ':now': nowMs, ':one': 1 },
    ReturnValues: 'UPDATED_NEW',
  })
  const { Attributes } = await documents.send(update)
  return Number(Attributes?.lastVersion)
}

/**
 * Keeps what `store` writes as the next version of its dataset, which is made if new. Number, then bytes, then row: a process that
 * dies in between leaves a number without a version, never a version without bytes.
 */
export const addDatasetVersion =
  (registry: Table, keep = putVersion(registry)) =>
  async (draft: Omit<DatasetVersion, 'number'>, store: (key: string) => Promise<void>): Promise<DatasetVersion> => {
    const { dataset, createdAtMs } = draft
    const number = await takeNumber(registry, dataset, createdAtMs)
    await store(datasetKey(dataset, number))
    const version = { ...draft, number }
    await keep(version)
    return version
  }

/** The row of a version, as it is put once. */
export const versionRow = (table: string, { number, ...version }: DatasetVersion) => ({
  TableName: table,
  Item: { pk: versionPk(version.dataset), sk: versionKey(number), schema, ...version, number },
  ConditionExpression: 'attribute_not_exists(pk)',
})

/** Keeps the row of a version. */
export type KeepVersion = (version: DatasetVersion) => Promise<void>

const putVersion =
  ({ documents, table }: Table): KeepVersion =>
  async (version) => {
    try {
      await documents.send(new PutCommand(versionRow(table, version)))
    } catch (thrown) {
      // A number is given out once: a row that is there already is this one, whose first answer was lost.
      if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
    }
  }
