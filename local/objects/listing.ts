/**
 * ListObjectsV2, ListObjectVersions, HeadBucket, GetBucketLocation.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
import { AwsError, type Caller, region } from '../service.ts'
import { encodeRfc3986 } from '../signature.ts'
import type { Bucket } from './bucket.ts'
import type { Version } from './catalog.ts'
import { algorithms } from './checksums.ts'
import type { Answer, S3Request } from './request.ts'
import type { Shelf } from './shelf.ts'
import { document } from './xml.ts'

const mostKeys = 1000
/** Sorts after every key that begins with a prefix. */
const lastCharacter = '\u{10ffff}'

export async function listObjects(shelf: Shelf, bucket: Bucket, { query }: S3Request, caller: Caller): Promise<Answer> {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  authorizeList(shelf, bucket, caller, 's3:ListBucket', query)
  const token = query.get('continuation-token')
  const limit = limitOf(query)
  const page = pageOf(shelf, bucket.name, {
    prefix,
    delimiter,
    limit,
    after: token === undefined ? (query.get('start-after') ?? '') : fromToken(token),
  })
  const encode = encoderOf(query)
  return {
    status: 200,
    body: document('ListBucketResult', {
      Name: bucket.name,
      Prefix: encode(prefix),
      ...(delimiter !== '' && { Delimiter: encode(delimiter) }),
      MaxKeys: limit,
      ...(query.has('encoding-type') && { EncodingType: 'url' }),
      KeyCount: page.objects.length + page.prefixes.length,
      IsTruncated: page.next !== undefined,
      ContinuationToken: token,
      ...(query.has('start-after') && { StartAfter: encode(query.get('start-after')!) }),
      NextContinuationToken: page.next === undefined ? undefined : toToken(page.next),
      Contents: page.objects.map((object) => ({ Key: encode(object.key), ...summary(object) })),
      CommonPrefixes: page.prefixes.map((Prefix) => ({ Prefix: encode(Prefix) })),
    }),
  }
}

export async function listVersions(
  shelf: Shelf,
  bucket: Bucket,
  { query }: S3Request,
  caller: Caller,
): Promise<Answer> {
  authorizeList(shelf, bucket, caller, 's3:ListBucketVersions', query)
  const prefix = query.get('prefix') ?? ''
  const keyMarker = query.get('key-marker') ?? ''
  const versionMarker = query.get('version-id-marker')
  const limit = limitOf(query)
  const encode = encoderOf(query)
  const page: Version[] = []
  let truncated = false
  let passed = versionMarker === undefined
  for (const version of shelf.catalog.versions(
    bucket.name,
    Buffer.compare(Buffer.from(keyMarker), Buffer.from(prefix)) > 0 ? keyMarker : prefix,
  )) {
    if (!version.key.startsWith(prefix)) break
    if (version.key === keyMarker && keyMarker !== '') {
      const skip = !passed || versionMarker === undefined
      if (version.version === versionMarker) passed = true
      if (skip) continue
    }
    truncated = page.length === limit
    if (truncated) break
    page.push(version)
  }
  const last = page.at(-1)
  const entry = (version: Version) => ({
    Key: encode(version.key),
    VersionId: version.version,
    IsLatest: version.latest,
  })
  return {
    status: 200,
    body: document('ListVersionsResult', {
      Name: bucket.name,
      Prefix: encode(prefix),
      KeyMarker: encode(keyMarker),
      VersionIdMarker: versionMarker,
      MaxKeys: limit,
      ...(query.has('encoding-type') && { EncodingType: 'url' }),
      IsTruncated: truncated,
      ...(truncated && last && { NextKeyMarker: encode(last.key), NextVersionIdMarker: last.version }),
      Version: page.filter(({ marker }) => !marker).map((version) => ({ ...entry(version), ...summary(version) })),
      DeleteMarker: page
        .filter(({ marker }) => marker)
        .map((version) => ({ ...entry(version), LastModified: new Date(version.modifiedMs).toISOString() })),
    }),
  }
}

export async function headBucket(shelf: Shelf, bucket: Bucket, _: S3Request, caller: Caller): Promise<Answer> {
  shelf.authorize(caller, 's3:ListBucket', bucket.arn)
  return { status: 200, headers: { 'x-amz-bucket-region': region } }
}

// The region us-east-1 is an empty constraint: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
export async function bucketLocation(shelf: Shelf, bucket: Bucket, _: S3Request, caller: Caller): Promise<Answer> {
  shelf.authorize(caller, 's3:GetBucketLocation', bucket.arn)
  return { status: 200, body: document('LocationConstraint', region === 'us-east-1' ? '' : region) }
}

type Page = { objects: Version[]; prefixes: string[]; next: string | undefined }
type Wanted = { prefix: string; delimiter: string; limit: number; after: string }

function pageOf(shelf: Shelf, bucket: string, { prefix, delimiter, limit, after }: Wanted): Page {
  const page: Page = { objects: [], prefixes: [], next: undefined }
  let last = after
  for (;;) {
    const versions = shelf.catalog.list(bucket, last, prefix, mostKeys)
    let skipped = false
    for (const version of versions) {
      if (!version.key.startsWith(prefix)) return page
      if (page.objects.length + page.prefixes.length >= limit) return { ...page, next: limit === 0 ? undefined : last }
      const cut = delimiter === '' ? -1 : version.key.indexOf(delimiter, prefix.length)
      if (cut < 0) {
        page.objects.push(version)
        last = version.key
        continue
      }
      const common = version.key.slice(0, cut + delimiter.length)
      if (!after.startsWith(common)) page.prefixes.push(common)
      // A new search goes past the rest of the common prefix at once.
      last = `${common}${lastCharacter}`
      skipped = true
      break
    }
    if (!skipped && versions.length < mostKeys) return page
  }
}

const summary = (version: Version) => ({
  LastModified: new Date(version.modifiedMs).toISOString(),
  ETag: `"${version.etag}"`,
  ChecksumAlgorithm: algorithms.find((name) => version.sums[name] !== undefined)?.toUpperCase(),
  ChecksumType: version.composite ? 'COMPOSITE' : 'FULL_OBJECT',
  Size: version.sizeBytes,
  StorageClass: 'STANDARD',
})

function authorizeList(shelf: Shelf, bucket: Bucket, caller: Caller, action: string, query: S3Request['query']): void {
  shelf.authorize(caller, action, bucket.arn, {
    's3:prefix': query.get('prefix') ?? '',
    ...(query.has('delimiter') && { 's3:delimiter': query.get('delimiter')! }),
    ...(query.has('max-keys') && { 's3:max-keys': query.get('max-keys')! }),
  })
}

function limitOf(query: S3Request['query']): number {
  const limit = Number(query.get('max-keys') ?? mostKeys)
  if (!Number.isInteger(limit) || limit < 0)
    throw new AwsError('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647')
  return Math.min(limit, mostKeys)
}

function encoderOf(query: S3Request['query']): (text: string) => string {
  const type = query.get('encoding-type')
  if (type === undefined) return (text) => text
  if (type !== 'url') throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request')
  return (text) => encodeRfc3986(text).replaceAll('%2F', '/')
}

const toToken = (last: string) => Buffer.from(`1${last}`).toString('base64url')

function fromToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith('1')) throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect')
  return text.slice(1)
}
