/**
 * CopyObject and UploadPartCopy.
 * Does: versions as source, conditions on source and destination, ranges of a part. Does not: other checksum algorithms
 * than the source's, tags; a copy of more than 5 GB is not refused.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html and API_UploadPartCopy.html
 */
import { AwsError, type Caller } from '../service.ts'
import type { Bucket } from './bucket.ts'
import type { Version } from './catalog.ts'
import { algorithms, checksumElements } from './checksums.ts'
import { checkRead } from './conditions.ts'
import { contentHeaders, encryptionHeaders } from './metadata.ts'
import { keepPart, uploadOf, useBoth } from './multipart.ts'
import { findObject, use } from './reading.ts'
import { store } from './receive.ts'
import type { Answer, Headers, S3Request } from './request.ts'
import type { Shelf } from './shelf.ts'
import { encryptionOf, storedWhole, writtenHeaders } from './writing.ts'
import { document } from './xml.ts'

/** Conditions on the source; those on the destination have the names of a write. */
export const sourceConditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'].map(
  (name) => `x-amz-copy-source-${name}`,
)

export async function copyObject(shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller): Promise<Answer> {
  const source = sourceOf(request.headers['x-amz-copy-source']!)
  const from = shelf.bucket(source.bucket)
  const replace = (request.headers['x-amz-metadata-directive'] ?? 'COPY') === 'REPLACE'
  const found = sourceObject(shelf, request, caller)
  shelf.authorize(caller, 's3:PutObject', `${bucket.arn}/${request.key}`)
  if (from.name === bucket.name && source.key === request.key && source.version === undefined && !replace) {
    throw new AwsError(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing its metadata.',
    )
  }
  if (found.keyArn !== undefined) use(shelf, caller, 'kms:Decrypt', found.keyArn)
  if (bucket.keyArn !== undefined) use(shelf, caller, 'kms:GenerateDataKey', bucket.keyArn)
  const release = shelf.blobs.hold(found.pieces)
  try {
    const algorithm = algorithms.find((name) => found.sums[name] !== undefined)!
    const bytes = shelf.blobs.read(found.pieces, 0, found.sizeBytes - 1)
    const { piece, md5, sums } = await store(shelf.blobs, bytes, algorithm)
    const headers = replace ? contentHeaders(request.headers) : found.headers
    const stored = storedWhole(bucket, { piece, md5, sums }, headers)
    const made = shelf.commit(bucket, request.key, stored, { reason: 'CopyObject', request, caller }, request.headers)
    const result = {
      LastModified: new Date(made.modifiedMs).toISOString(),
      ETag: `"${made.etag}"`,
      ...checksumElements(sums),
    }
    return {
      status: 200,
      headers: { ...writtenHeaders(made), ...sourceVersion(found) },
      body: document('CopyObjectResult', result),
    }
  } finally {
    release()
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export async function uploadPartCopy(
  shelf: Shelf,
  bucket: Bucket,
  request: S3Request,
  caller: Caller,
): Promise<Answer> {
  const found = sourceObject(shelf, request, caller)
  shelf.authorize(caller, 's3:PutObject', `${bucket.arn}/${request.key}`)
  const upload = uploadOf(shelf, bucket, request)
  if (found.keyArn !== undefined) use(shelf, caller, 'kms:Decrypt', found.keyArn)
  useBoth(shelf, bucket, caller)
  const { start, end } = sourceRange(request.headers['x-amz-copy-source-range'], found.sizeBytes)
  const release = shelf.blobs.hold(found.pieces)
  try {
    const received = await store(shelf.blobs, shelf.blobs.read(found.pieces, start, end), upload.algorithm)
    const part = keepPart(shelf, bucket, request, upload, received)
    const result = {
      LastModified: new Date(part.modifiedMs).toISOString(),
      ETag: `"${part.etag}"`,
      ...checksumElements(part.sums),
    }
    return {
      status: 200,
      headers: { ...sourceVersion(found), ...encryptionHeaders(encryptionOf(bucket)) },
      body: document('CopyPartResult', result),
    }
  } finally {
    release()
  }
}

const sourceVersion = (found: Version): Headers =>
  found.version === 'null' ? {} : { 'x-amz-copy-source-version-id': found.version }

/** The object to copy. Throws PreconditionFailed where its conditions do not hold. */
function sourceObject(shelf: Shelf, { headers }: S3Request, caller: Caller): Version {
  const source = sourceOf(headers['x-amz-copy-source']!)
  const found = findObject(shelf, shelf.bucket(source.bucket), source.key, source.version, caller)
  const prefix = 'x-amz-copy-source-'
  const conditions = Object.fromEntries(
    sourceConditions.flatMap((name) => (headers[name] ? [[name.slice(prefix.length), headers[name]]] : [])),
  )
  if (checkRead(conditions, found) === 'not-modified') {
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412)
  }
  return found
}

// Unlike a Range it must name both ends, and bytes that are there.
function sourceRange(range: string | undefined, sizeBytes: number): { start: number; end: number } {
  if (range === undefined) return { start: 0, end: sizeBytes - 1 }
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? []
  if (first === undefined || Number(last) < Number(first)) {
    throw new AwsError(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    )
  }
  if (Number(last) >= sizeBytes) {
    throw new AwsError('InvalidArgument', `Range specified is not valid for source object of size: ${sizeBytes}`)
  }
  return { start: Number(first), end: Number(last) }
}

function sourceOf(header: string): { bucket: string; key: string; version: string | undefined } {
  const [path = '', version] = header.split('?versionId=')
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path))
  if (!match)
    throw new AwsError('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey')
  return { bucket: match[1]!, key: match[2]!, version }
}
