/**
 * GetObject, HeadObject, and the search for the version that a request means.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
import { AwsError, type Caller, region } from '../service.ts'
import type { Bucket } from './bucket.ts'
import type { Version } from './catalog.ts'
import { checksumHeaders } from './checksums.ts'
import { checkRead, rangeOf } from './conditions.ts'
import { encryptionHeaders, versionHeaders } from './metadata.ts'
import type { Answer, S3Request } from './request.ts'
import type { Shelf } from './shelf.ts'

const overrides = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]

/** GET and HEAD of an object. */
export async function getObject(shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller): Promise<Answer> {
  const { key, query, headers } = request
  const found = findObject(shelf, bucket, key, query.get('versionId'), caller)
  const known = {
    etag: `"${found.etag}"`,
    'last-modified': new Date(found.modifiedMs).toUTCString(),
    ...versionHeaders(found),
  }
  if (checkRead(headers, found) === 'not-modified') return { status: 304, headers: known }
  if (found.keyArn !== undefined) use(shelf, caller, 'kms:Decrypt', found.keyArn)
  const range = rangeOf(headers.range, found.sizeBytes)
  const { start, end } = range ?? { start: 0, end: found.sizeBytes - 1 }
  const response = overrides.flatMap((name) => {
    const value = query.get(`response-${name}`)
    return value === undefined ? [] : [[name, value]]
  })
  return {
    status: range ? 206 : 200,
    headers: {
      ...found.headers,
      ...Object.fromEntries(response),
      ...known,
      ...encryptionHeaders(found),
      'accept-ranges': 'bytes',
      'content-length': String(end - start + 1),
      ...(range && { 'content-range': `bytes ${start}-${end}/${found.sizeBytes}` }),
      ...(!range &&
        headers['x-amz-checksum-mode'] === 'ENABLED' && {
          ...checksumHeaders(found.sums),
          'x-amz-checksum-type': found.composite ? 'COMPOSITE' : 'FULL_OBJECT',
        }),
    },
    body: { pieces: found.pieces, start, end },
  }
}

/** The version that a reader means; a missing key is 403 without s3:ListBucket, as on AWS. */
export function findObject(
  shelf: Shelf,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  caller: Caller,
): Version {
  shelf.authorize(caller, versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', `${bucket.arn}/${key}`)
  const found = shelf.catalog.find(bucket.name, key, versionId)
  if (found && !found.marker) return found
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: "If you don't have s3:ListBucket, 403".
  if (!found) shelf.authorize(caller, 's3:ListBucket', bucket.arn)
  const marker = found ? { 'x-amz-delete-marker': 'true', ...versionHeaders(found) } : {}
  if (found && versionId !== undefined) {
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
      headers: marker,
    })
  }
  throw versionId === undefined
    ? new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key, headers: marker })
    : new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { Key: key, VersionId: versionId })
}

/** Uses the key of an encrypted object for the caller. Throws AccessDenied. */
export function use(shelf: Shelf, caller: Caller, action: 'kms:Decrypt' | 'kms:GenerateDataKey', keyArn: string): void {
  shelf.useKey(caller, action, keyArn, `s3.${region}.amazonaws.com`)
}
