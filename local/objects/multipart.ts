/**
 * Multipart uploads. A finished object keeps its parts' files: completing copies nothing.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
import { createHash, randomBytes } from 'node:crypto'
import { AwsError, type Caller } from '../service.ts'
import type { Bucket } from './bucket.ts'
import type { Part, Upload } from './catalog.ts'
import {
  type Algorithm,
  algorithmOf,
  algorithms,
  checksumElements,
  checksumHeader,
  checksumHeaders,
  compareChecksum,
  defaultAlgorithm,
  elementName,
  startChecksum,
} from './checksums.ts'
import { isCrc, joinedCrc } from './crc.ts'
import { contentHeaders, encryptionHeaders } from './metadata.ts'
import { use } from './reading.ts'
import { checkedBody, type Received, receive } from './receive.ts'
import { type Answer, readText, type S3Request } from './request.ts'
import type { Shelf } from './shelf.ts'
import { encryptionOf, etagOf, writtenHeaders } from './writing.ts'
import { childText, document, parseXml } from './xml.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const smallestPartBytes = 5 * 1024 * 1024
const highestPartNumber = 10_000

export async function createUpload(shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller): Promise<Answer> {
  shelf.authorize(caller, 's3:PutObject', `${bucket.arn}/${request.key}`)
  useBoth(shelf, bucket, caller)
  const declared = request.headers['x-amz-checksum-algorithm']
  const algorithm = algorithmOf(declared ?? defaultAlgorithm)
  const type = request.headers['x-amz-checksum-type'] ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE')
  const possible =
    algorithm === 'crc64nvme'
      ? ['FULL_OBJECT']
      : algorithm.startsWith('sha')
        ? ['COMPOSITE']
        : ['FULL_OBJECT', 'COMPOSITE']
  if (!possible.includes(type)) {
    throw new AwsError(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    )
  }
  const id = randomBytes(36).toString('base64url')
  const headers = contentHeaders(request.headers)
  shelf.catalog.startUpload({
    id,
    bucket: bucket.name,
    key: request.key,
    startedMs: shelf.now(),
    headers,
    algorithm,
    declared: declared !== undefined,
    composite: type === 'COMPOSITE',
  })
  return {
    status: 200,
    headers: {
      ...encryptionHeaders(encryptionOf(bucket)),
      'x-amz-checksum-algorithm': algorithm.toUpperCase(),
      'x-amz-checksum-type': type,
    },
    body: document('InitiateMultipartUploadResult', { Bucket: bucket.name, Key: request.key, UploadId: id }),
  }
}

export async function uploadPart(shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller): Promise<Answer> {
  shelf.authorize(caller, 's3:PutObject', `${bucket.arn}/${request.key}`)
  const upload = uploadOf(shelf, bucket, request)
  useBoth(shelf, bucket, caller)
  const part = keepPart(shelf, bucket, request, upload, await receive(shelf.blobs, request, upload.algorithm))
  return {
    status: 200,
    headers: { etag: `"${part.etag}"`, ...checksumHeaders(part.sums), ...encryptionHeaders(encryptionOf(bucket)) },
  }
}

/** Notes a part whose bytes are on the disk; refused, it removes them. Throws NoSuchUpload, InvalidRequest. */
export function keepPart(
  shelf: Shelf,
  bucket: Bucket,
  request: S3Request,
  { id, algorithm, declared }: Upload,
  { piece, md5, sums }: Received,
): Part {
  if (declared && sums[algorithm] === undefined) {
    shelf.blobs.remove([piece])
    throw new AwsError(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm}, actual checksum Type: ${Object.keys(sums)}`,
    )
  }
  const number = Number(request.query.get('partNumber'))
  const part: Part = { number, piece, etag: etagOf(bucket, md5), sums, modifiedMs: shelf.now() }
  const replaced = shelf.catalog.inOneTransaction(() => {
    // The upload may have ended while the part came in.
    const open = shelf.catalog.upload(bucket.name, request.key, id)
    return open ? shelf.catalog.putPart(id, part) : part
  })
  if (replaced) shelf.blobs.remove([replaced.piece])
  if (replaced === part) throw noSuchUpload()
  return part
}

/** The upload of a part's request. Throws NoSuchUpload, and InvalidArgument for a number that no part has. */
export function uploadOf(shelf: Shelf, bucket: Bucket, request: S3Request): Upload {
  const upload = findUpload(shelf, bucket, request)
  const number = Number(request.query.get('partNumber'))
  if (Number.isInteger(number) && number >= 1 && number <= highestPartNumber) return upload
  throw new AwsError('InvalidArgument', `Part number must be an integer between 1 and ${highestPartNumber}, inclusive`)
}

export async function completeUpload(
  shelf: Shelf,
  bucket: Bucket,
  request: S3Request,
  caller: Caller,
): Promise<Answer> {
  shelf.authorize(caller, 's3:PutObject', `${bucket.arn}/${request.key}`)
  const upload = findUpload(shelf, bucket, request)
  useBoth(shelf, bucket, caller)
  const body = checkedBody(request)
  const text = await readText(body.bytes)
  body.verify({})
  const kept = shelf.catalog.parts(upload.id)
  const parts = chosenParts(text, kept)
  const pieces = parts.map(({ piece }) => piece)
  const sizeBytes = pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0)
  const sum = upload.composite
    ? compositeSum(parts, upload.algorithm)
    : await fullSum(shelf, parts, sizeBytes, upload.algorithm)
  compareChecksum(
    upload.algorithm,
    request.headers[checksumHeader(upload.algorithm)]?.replace(/-\d+$/, ''),
    sum.replace(/-\d+$/, ''),
  )
  const md5s = createHash('md5')
  for (const { etag } of parts) md5s.update(Buffer.from(etag, 'hex'))
  const sums = { [upload.algorithm]: sum }
  const stored = {
    pieces,
    sizeBytes,
    etag: `${md5s.digest('hex')}-${parts.length}`,
    sums,
    composite: upload.composite,
    headers: upload.headers,
    ...encryptionOf(bucket),
  }
  const made = shelf.commit(
    bucket,
    request.key,
    stored,
    { reason: 'CompleteMultipartUpload', request, caller },
    request.headers,
    upload.id,
  )
  shelf.blobs.remove(kept.map(({ piece }) => piece).filter(({ file }) => !pieces.some((piece) => piece.file === file)))
  const Location = `http://${request.headers.host}/${bucket.name}/${request.key}`
  const { etag, ...headers } = writtenHeaders(made)
  const result = { Location, Bucket: bucket.name, Key: request.key, ETag: etag, ...checksumElements(sums) }
  const ChecksumType = upload.composite ? 'COMPOSITE' : 'FULL_OBJECT'
  return { status: 200, headers, body: document('CompleteMultipartUploadResult', { ...result, ChecksumType }) }
}

export async function abortUpload(shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller): Promise<Answer> {
  shelf.authorize(caller, 's3:AbortMultipartUpload', `${bucket.arn}/${request.key}`)
  dropUpload(shelf, findUpload(shelf, bucket, request))
  return { status: 204 }
}

export async function listParts(shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller): Promise<Answer> {
  shelf.authorize(caller, 's3:ListMultipartUploadParts', `${bucket.arn}/${request.key}`)
  const { id, algorithm } = findUpload(shelf, bucket, request)
  const after = Number(request.query.get('part-number-marker') ?? 0)
  const most = Math.min(Number(request.query.get('max-parts') ?? 1000), 1000)
  const parts = shelf.catalog.parts(id).filter(({ number }) => number > after)
  const page = parts.slice(0, most)
  const IsTruncated = parts.length > page.length
  return {
    status: 200,
    body: document('ListPartsResult', {
      Bucket: bucket.name,
      Key: request.key,
      UploadId: id,
      StorageClass: 'STANDARD',
      PartNumberMarker: after,
      ...(IsTruncated && { NextPartNumberMarker: page.at(-1)?.number ?? after }),
      MaxParts: most,
      IsTruncated,
      ChecksumAlgorithm: algorithm.toUpperCase(),
      Part: page.map(({ number, piece, etag, sums, modifiedMs }) => ({
        PartNumber: number,
        LastModified: new Date(modifiedMs).toISOString(),
        ETag: `"${etag}"`,
        Size: piece.sizeBytes,
        ...checksumElements(sums),
      })),
    }),
  }
}

/** Forgets an upload and its parts. */
export function dropUpload(shelf: Shelf, { id }: Upload): void {
  const parts = shelf.catalog.parts(id)
  shelf.catalog.inOneTransaction(() => shelf.catalog.endUpload(id))
  shelf.blobs.remove(parts.map(({ piece }) => piece))
}

function findUpload(shelf: Shelf, bucket: Bucket, { key, query }: S3Request): Upload {
  const upload = shelf.catalog.upload(bucket.name, key, query.get('uploadId') ?? '')
  if (!upload) throw noSuchUpload()
  return upload
}

function chosenParts(text: string, kept: readonly Part[]): Part[] {
  const root = parseXml(text)
  const listed = root.children.filter(({ name }) => name === 'Part')
  if (root.name !== 'CompleteMultipartUpload' || listed.length === 0)
    throw new AwsError('MalformedXML', 'expected at least one Part')
  const parts = listed.map((element) => {
    const part = kept.find(({ number }) => number === Number(childText(element, 'PartNumber')))
    const etag = childText(element, 'ETag')?.replaceAll('"', '')
    const other = algorithms.some(
      (name) => (childText(element, elementName(name)) ?? part?.sums[name]) !== part?.sums[name],
    )
    if (!part || part.etag !== etag || other) {
      throw new AwsError(
        'InvalidPart',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match.',
      )
    }
    return part
  })
  if (parts.some((part, index) => index > 0 && part.number <= parts[index - 1]!.number)) {
    throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order.')
  }
  const small = parts.slice(0, -1).find(({ piece }) => piece.sizeBytes < smallestPartBytes)
  if (small) {
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
      ProposedSize: small.piece.sizeBytes,
      MinSizeAllowed: smallestPartBytes,
      PartNumber: small.number,
    })
  }
  return parts
}

function compositeSum(parts: readonly Part[], algorithm: Algorithm): string {
  const sum = startChecksum(algorithm)
  for (const part of parts) sum.update(Buffer.from(part.sums[algorithm]!, 'base64'))
  return `${sum.digest().toString('base64')}-${parts.length}`
}

/** From the parts' own sums where each has one of this algorithm; else their bytes are read again. */
async function fullSum(shelf: Shelf, parts: readonly Part[], sizeBytes: number, algorithm: Algorithm): Promise<string> {
  const known = parts.flatMap(({ sums, piece }) =>
    sums[algorithm] === undefined ? [] : [{ sum: sums[algorithm], sizeBytes: piece.sizeBytes }],
  )
  if (known.length === parts.length && isCrc(algorithm)) return joinedCrc(algorithm, known)
  const sum = startChecksum(algorithm)
  const pieces = parts.map(({ piece }) => piece)
  for await (const bytes of shelf.blobs.read(pieces, 0, sizeBytes - 1)) sum.update(bytes)
  return sum.digest().toString('base64')
}

export function useBoth(shelf: Shelf, { keyArn }: Bucket, caller: Caller): void {
  if (keyArn === undefined) return
  use(shelf, caller, 'kms:GenerateDataKey', keyArn)
  use(shelf, caller, 'kms:Decrypt', keyArn)
}

const noSuchUpload = () =>
  new AwsError(
    'NoSuchUpload',
    'The specified multipart upload does not exist. The upload ID might be invalid, or the multipart upload might have been aborted or completed.',
    404,
  )
