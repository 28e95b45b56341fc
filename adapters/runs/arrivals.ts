import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { HeadObjectCommand, NotFound } from '@aws-sdk/client-s3'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { DataFormat, DatasetVersion } from '../../src/dataset/dataset.ts'
import type { Page, PageRequest } from '../../src/page.ts'
import type { Arrival, Written } from '../../src/retrain/arrival.ts'
import { isConflict, queryPage, schema, stored, type Table } from '../aws/table.ts'
import { transact } from '../aws/transact.ts'
import { versionRow } from '../datasets/datasets.ts'
import { ingestDataset } from '../datasets/ingest.ts'
import type { Ingested } from '../datasets/ingested.ts'
import type { DataBucket } from '../datasets/uploads.ts'
import type { StoredFile } from '../frames/frames.ts'

const arrivalPk = (dataset: string): string => `ARRIVAL#${dataset}`

/** Sort keys have 1,024 bytes at most, as keys of objects do: the prefix of all of them is left out. */
const sortKey = ({ dataset, key }: Pick<Arrival, 'dataset' | 'key'>): string =>
  key.slice(`datasets/${dataset}/incoming/`.length)

/** The row of an arrival, as it is put where no later write of its key, nor this one, was kept. */
const arrivalRow = (table: string, arrival: Arrival) => ({
  TableName: table,
  Item: { pk: arrivalPk(arrival.dataset), sk: sortKey(arrival), schema, ...arrival },
  ConditionExpression: 'attribute_not_exists(pk) OR #sequence < :sequence',
  ExpressionAttributeNames: { '#sequence': 'sequence' },
  ExpressionAttributeValues: { ':sequence': arrival.sequence },
})

export const findArrival =
  ({ documents, table }: Table) =>
  async (dataset: string, key: string): Promise<Arrival | undefined> => {
    const Key = { pk: arrivalPk(dataset), sk: sortKey({ dataset, key }) }
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    return Item && stored<Arrival>(Item)
  }

/** By name. */
export const listArrivals =
  (table: Table) =>
  async (dataset: string, request: PageRequest): Promise<Page<Arrival>> => {
    const page = await queryPage(table)(arrivalPk(dataset), request)
    return { ...page, items: page.items.map((item) => stored<Arrival>(item)) }
  }

export const keepArrival =
  ({ documents, table }: Table) =>
  async (arrival: Arrival): Promise<boolean> => {
    try {
      await documents.send(new PutCommand(arrivalRow(table, arrival)))
      return true
    } catch (thrown) {
      if (thrown instanceof ConditionalCheckFailedException || isConflict(thrown)) return false
      throw thrown
    }
  }

/** The size of the bytes that a write left; undefined where the object, or this version of it, is gone. */
export const incomingBytes =
  ({ objects, bucket }: DataBucket) =>
  async ({ key, versionId }: Written): Promise<number | undefined> => {
    const place = { Bucket: bucket, Key: key }
    try {
      // A deleted object has its versions still, but no current one.
      await objects.send(new HeadObjectCommand(place))
      const { ContentLength } = await objects.send(
        new HeadObjectCommand({ ...place, ...(versionId && { VersionId: versionId }) }),
      )
      return ContentLength
    } catch (thrown) {
      if (thrown instanceof NotFound) return undefined
      throw thrown
    }
  }

class Overtaken extends Error {}

/**
 * Makes a dataset version of an object, its row and the arrival's in one transaction: two events of one write make one
 * version. Undefined where the other came first; what this one stored is left without a row, as after a crash.
 */
export const ingestArrival =
  (registry: Table, data: DataBucket, memoryMb: number, nowMs: () => number) =>
  async (
    dataset: string,
    format: DataFormat,
    source: StoredFile & { readonly sizeBytes: number },
    arrivalOf: (version: DatasetVersion) => Arrival,
  ): Promise<Ingested | undefined> => {
    const { table } = registry
    const keep = async (version: DatasetVersion): Promise<void> => {
      const puts = [{ Put: versionRow(table, version) }, { Put: arrivalRow(table, arrivalOf(version)) }]
      if (!(await transact(registry, puts))) throw new Overtaken('arrival')
    }
    try {
      return await ingestDataset(registry, data, memoryMb, nowMs)(dataset, format, source, keep)
    } catch (thrown) {
      if (thrown instanceof Overtaken) return undefined
      throw thrown
    }
  }
