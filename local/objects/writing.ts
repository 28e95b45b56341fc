/**
 * PutObject, DeleteObject, DeleteObjects.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
import { randomBytes } from 'node:crypto'
import { AwsError, type Caller } from '../service.ts'
import type { Bucket } from './bucket.ts'
import type { Version } from './catalog.ts'
import { algorithms, checksumHeaders, startChecksum } from './checksums.ts'
import { contentHeaders, encryptionHeaders, versionHeaders } from './metadata.ts'
import { use } from './reading.ts'
import { checkedBody, type Received, receive } from './receive.ts'
import { type Answer, type Headers, readText, type S3Request } from './request.ts'
import type { Shelf } from './shelf.ts'
import { childText, document, parseXml } from './xml.ts'

const mostDeleted = 1000
/** An ETag under SSE-KMS is not the MD5 of the bytes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html */
export const etagOf = (bucket: Bucket, md5: Buffer): string =>
  bucket.keyArn === undefined ? md5.toString('hex') : randomBytes(16).toString('hex')

/** What an object of the bucket is encrypted with. */
export const encryptionOf = ({ keyArn, bucketKey }: Bucket) => (keyArn === undefined ? {} : { keyArn, bucketKey })

/** An object that came in one piece, as the catalogue keeps it. */
export const storedWhole = (bucket: Bucket, { piece, md5, sums }: Received, headers: Headers) => ({
  pieces: [piece],
  sizeBytes: piece.sizeBytes,
  etag: etagOf(bucket, md5),
  sums,
  composite: false,
  headers,
  ...encryptionOf(bucket),
})

export async function putObject(shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller): Promise<Answer> {
  shelf.authorize(caller, 's3:PutObject', `${bucket.arn}/${request.key}`)
  if (bucket.keyArn !== undefined) use(shelf, caller, 'kms:GenerateDataKey', bucket.keyArn)
  const headers = contentHeaders(request.headers)
  const { piece, md5, sums } = await receive(shelf.blobs, request)
  const stored = storedWhole(bucket, { piece, md5, sums }, headers)
  const made = shelf.commit(bucket, request.key, stored, { reason: 'PutObject', request, caller }, request.headers)
  return { status: 200, headers: { ...writtenHeaders(made), ...checksumHeaders(sums) } }
}

export async function deleteObject(shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller): Promise<Answer> {
  const gone = remove(shelf, bucket, request.key, request.query.get('versionId'), request, caller)
  return {
    status: 204,
    headers: {
      ...(gone.marker && { 'x-amz-delete-marker': 'true' }),
      ...(gone.version && { 'x-amz-version-id': gone.version }),
    },
  }
}

export async function deleteObjects(shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller): Promise<Answer> {
  const body = checkedBody(request)
  const text = await readText(body.bytes)
  const algorithm = algorithms.find((name) => request.headers[`x-amz-checksum-${name}`] !== undefined)
  if (!algorithm && request.headers['content-md5'] === undefined) {
    throw new AwsError('InvalidRequest', 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*')
  }
  const sum = algorithm && startChecksum(algorithm)
  sum?.update(Buffer.from(text))
  body.verify(algorithm ? { [algorithm]: sum!.digest().toString('base64') } : {})
  const root = parseXml(text)
  const objects = root.children.filter(({ name }) => name === 'Object')
  const quiet = childText(root, 'Quiet') === 'true'
  if (root.name !== 'Delete' || objects.length === 0 || objects.length > mostDeleted) {
    throw new AwsError('MalformedXML', `Delete: expected 1 to ${mostDeleted} objects, got ${objects.length}`)
  }
  const results = objects.map((object) => {
    const Key = childText(object, 'Key') ?? ''
    const VersionId = childText(object, 'VersionId')
    const unknown = object.children.find(({ name }) => name !== 'Key' && name !== 'VersionId')
    if (unknown) throw new AwsError('NotImplemented', `Delete: ${unknown.name} is not implemented`, 501)
    try {
      const gone = remove(shelf, bucket, Key, VersionId, request, caller)
      const marker = gone.marker ? { DeleteMarker: true, DeleteMarkerVersionId: gone.version } : {}
      return { Deleted: { Key, VersionId, ...marker } }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      return { Error: { Key, VersionId, Code: error.code.replace(/Exception$/, ''), Message: error.message } }
    }
  })
  const Deleted = quiet ? [] : results.flatMap((result) => (result.Deleted ? [result.Deleted] : []))
  return {
    status: 200,
    body: document('DeleteResult', {
      Deleted,
      Error: results.flatMap((result) => (result.Error ? [result.Error] : [])),
    }),
  }
}

function remove(
  shelf: Shelf,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  request: S3Request,
  caller: Caller,
) {
  const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion'
  shelf.authorize(caller, action, `${bucket.arn}/${key}`)
  return shelf.remove(bucket, key, versionId, { reason: 'DeleteObject', request, caller })
}

/** Headers of the answer to a write. */
export const writtenHeaders = (made: Version): Headers => ({
  etag: `"${made.etag}"`,
  ...versionHeaders(made),
  ...encryptionHeaders(made),
})
