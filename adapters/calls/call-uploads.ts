import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { CallInput } from '../../src/call/async-call.ts'
import { PercallError } from '../../src/errors.ts'
import type { Upload } from '../../src/upload.ts'
import { schema, type Table } from '../aws/table.ts'
import { createUpload, type DataBucket, findUpload, type UploadTicket } from '../datasets/uploads.ts'
import { readObject } from './call-objects.ts'

const dayMs = 24 * 3600 * 1000
/** Of one consumer and day; each lives for a day, so at most twice this is open. */
const mostBytesPerDay = 4 * 1024 ** 3
/** What a function reads as one call's body. */
const mostCallBytes = 64 * 1024 * 1024

/** Counts an upload's bytes against its consumer's day. Throws TOO_MANY_UPLOADS. */
const countBytes =
  ({ documents, table }: Table) =>
  async ({ consumer, sizeBytes, createdAtMs }: Upload): Promise<void> => {
    const day = Math.floor(createdAtMs / dayMs)
    const add = new UpdateCommand({
      TableName: table,
      Key: { pk: `UPLOADS#${consumer}`, sk: new Date(day * dayMs).toISOString().slice(0, 10) },
      UpdateExpression: 'ADD sizeBytes :size SET expires = :expires, #schema = :schema',
      ConditionExpression: 'attribute_not_exists(pk) OR sizeBytes <= :rest',
      ExpressionAttributeNames: { '#schema': 'schema' },
      ExpressionAttributeValues: {
        ':size': sizeBytes,
        ':rest': mostBytesPerDay - sizeBytes,
        ':expires': ((day + 2) * dayMs) / 1000,
        ':schema': schema,
      },
    })
    try {
      await documents.send(add)
    } catch (thrown) {
      if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
      throw new PercallError(
        'TOO_MANY_UPLOADS',
        `upload: expected at most ${mostBytesPerDay} bytes of uploads a day, got ${sizeBytes} more than are left`,
      )
    }
  }

/** Signs a consumer's upload when its day has room for it. */
export const createConsumerUpload =
  (registry: Table, ledger: Table, data: DataBucket) =>
  async (upload: Upload): Promise<UploadTicket> => {
    await countBytes(ledger)(upload)
    return await createUpload(registry, data)(upload)
  }

/** The bytes of a consumer's own upload, by S3 version. Throws UNKNOWN_UPLOAD, TOO_LARGE. */
export const readUpload =
  (registry: Table, data: DataBucket) =>
  async (
    consumer: string,
    id: string,
  ): Promise<{ readonly bytes: Uint8Array; readonly contentType: string; readonly input: CallInput }> => {
    const { key, versionId, contentType, sizeBytes } = await findUpload(registry, data)(consumer, id)
    if (sizeBytes > mostCallBytes)
      throw new PercallError(
        'TOO_LARGE',
        `upload ${id}: expected at most ${mostCallBytes} bytes as a call's body, got ${sizeBytes}`,
      )
    const input = { key, ...(versionId !== undefined && { versionId }) }
    return { bytes: await readObject(data)(input), contentType, input }
  }
