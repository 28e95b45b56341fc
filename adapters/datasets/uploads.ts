import { HeadObjectCommand, NotFound, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { type Upload, unknownUpload, uploadKey } from '../../src/upload.ts'
import { schema, stored, type Table } from '../aws/table.ts'
import type { StoredFile } from '../frames/frames.ts'

export type DataBucket = { readonly objects: S3Client; readonly bucket: string }

const uploadLifeSeconds = 900

// Its bytes are removed after a day, at the next midnight: then it is of no use.
const rowLifeSeconds = 2 * 24 * 3600
const rowExpires = (createdAtMs: number): number => Math.ceil(createdAtMs / 1000) + rowLifeSeconds

const uploadPk = (consumer: string): string => `U#${consumer}`

/** A presigned PUT with the headers that it must carry. It holds for 15 minutes, for one object of exactly this size. */
export type UploadTicket = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly expiresAtMs: number
}

/** Keeps an upload's row and signs its PUT. */
export const createUpload =
  ({ documents, table }: Table, { objects, bucket }: DataBucket) =>
  async (upload: Upload): Promise<UploadTicket> => {
    const { consumer, id, contentType, sizeBytes, createdAtMs } = upload
    const Item = { pk: uploadPk(consumer), sk: id, schema, ...upload, expires: rowExpires(createdAtMs) }
    await documents.send(new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }))
    const headers = { 'content-type': contentType, 'content-length': String(sizeBytes), 'if-none-match': '*' }
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: uploadKey(consumer, id),
      ContentType: contentType,
      ContentLength: sizeBytes,
      IfNoneMatch: '*',
    })
    const signed = new Set(Object.keys(headers))
    const url = await getSignedUrl(objects, put, {
      expiresIn: uploadLifeSeconds,
      // Else the presigner moves If-None-Match into the query, where S3 does not look for it.
      unhoistableHeaders: signed,
      signableHeaders: new Set(['host', ...signed]),
    })
    return { url, headers, expiresAtMs: createdAtMs + uploadLifeSeconds * 1000 }
  }

/** The stored bytes of an upload, by S3 version. Throws UNKNOWN_UPLOAD: another consumer's id, or nothing was put yet. */
export const findUpload =
  ({ documents, table }: Table, { objects, bucket }: DataBucket) =>
  async (consumer: string, id: string): Promise<Upload & StoredFile> => {
    // Other texts are no ids, and DynamoDB refuses empty and overlong ones.
    if (!/^[\w-]{1,64}$/.test(id)) throw unknownUpload(id)
    const Key = { pk: uploadPk(consumer), sk: id }
    const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))
    if (!Item) throw unknownUpload(id)
    const upload = stored<Upload>(Item)
    const key = uploadKey(consumer, id)
    try {
      const { VersionId } = await objects.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
      return { ...upload, key, ...(VersionId && { versionId: VersionId }) }
    } catch (thrown) {
      if (thrown instanceof NotFound) throw unknownUpload(id, 'nothing was put there yet, or it has expired')
      throw thrown
    }
  }
