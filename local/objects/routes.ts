/**
 * Which operation a request means, and which parameters and headers that operation knows; all others are refused by name.
 */
import { AwsError, type Caller } from '../service.ts'
import type { Bucket } from './bucket.ts'
import { copyObject, sourceConditions, uploadPartCopy } from './copying.ts'
import { bucketLocation, headBucket, listObjects, listVersions } from './listing.ts'
import { abortUpload, completeUpload, createUpload, listParts, uploadPart } from './multipart.ts'
import { getObject } from './reading.ts'
import type { Answer, S3Request } from './request.ts'
import type { Shelf } from './shelf.ts'
import { deleteObject, deleteObjects, putObject } from './writing.ts'

export type Operation = (shelf: Shelf, bucket: Bucket, request: S3Request, caller: Caller) => Promise<Answer>
type Route = {
  method: string
  on: 'bucket' | 'key'
  /** The parameters that must be there for the route to be meant; the first such route is taken. */
  when: readonly string[]
  parameters?: readonly string[]
  headers?: readonly string[]
  run: Operation
}

const writeConditions = ['if-match', 'if-none-match']
const readConditions = [...writeConditions, 'if-modified-since', 'if-unmodified-since']
const sums = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'].map((name) => `x-amz-checksum-${name}`)
const bodyHeaders = [...sums, 'x-amz-trailer', 'x-amz-sdk-checksum-algorithm', 'x-amz-decoded-content-length']
const overrides = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]
const read = {
  parameters: ['versionId', ...overrides.map((name) => `response-${name}`)],
  headers: [...readConditions, 'range', 'x-amz-checksum-mode'],
}
const listing = ['prefix', 'max-keys', 'encoding-type']

const routes: readonly Route[] = [
  { method: 'GET', on: 'key', when: ['uploadId'], parameters: ['max-parts', 'part-number-marker'], run: listParts },
  { method: 'GET', on: 'key', when: [], ...read, run: getObject },
  { method: 'HEAD', on: 'key', when: [], ...read, run: getObject },
  { method: 'PUT', on: 'key', when: ['uploadId', 'partNumber'], headers: bodyHeaders, run: uploadPart },
  { method: 'PUT', on: 'key', when: [], headers: [...bodyHeaders, ...writeConditions], run: putObject },
  {
    method: 'POST',
    on: 'key',
    when: ['uploads'],
    headers: ['x-amz-checksum-algorithm', 'x-amz-checksum-type'],
    run: createUpload,
  },
  {
    method: 'POST',
    on: 'key',
    when: ['uploadId'],
    headers: [...sums, ...writeConditions, 'x-amz-checksum-type'],
    run: completeUpload,
  },
  { method: 'DELETE', on: 'key', when: ['uploadId'], run: abortUpload },
  { method: 'DELETE', on: 'key', when: [], parameters: ['versionId'], run: deleteObject },
  {
    method: 'GET',
    on: 'bucket',
    when: ['list-type'],
    parameters: [...listing, 'delimiter', 'continuation-token', 'start-after'],
    run: listObjects,
  },
  {
    method: 'GET',
    on: 'bucket',
    when: ['versions'],
    parameters: [...listing, 'key-marker', 'version-id-marker'],
    run: listVersions,
  },
  { method: 'GET', on: 'bucket', when: ['location'], run: bucketLocation },
  { method: 'HEAD', on: 'bucket', when: [], run: headBucket },
  {
    method: 'POST',
    on: 'bucket',
    when: ['delete'],
    headers: [...sums, 'x-amz-sdk-checksum-algorithm'],
    run: deleteObjects,
  },
]
const copyRoute: Route = {
  method: 'PUT',
  on: 'key',
  when: [],
  headers: [...writeConditions, ...sourceConditions, 'x-amz-copy-source', 'x-amz-metadata-directive'],
  run: copyObject,
}
const partCopyRoute: Route = {
  method: 'PUT',
  on: 'key',
  when: ['uploadId', 'partNumber'],
  headers: [...sourceConditions, 'x-amz-copy-source', 'x-amz-copy-source-range'],
  run: uploadPartCopy,
}

/** Every request may carry these; what signs it has been checked by then. */
const everywhere = ['x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token', 'x-amz-user-agent']

/** The operation of a request. Throws NotImplemented that names the parameter or header that it does not know. */
export function route(request: S3Request): Operation {
  const { method, key, query, headers } = request
  const on = key === '' ? 'bucket' : 'key'
  const isCopy = headers['x-amz-copy-source'] !== undefined && method === 'PUT'
  const found = isCopy
    ? query.has('uploadId')
      ? partCopyRoute
      : copyRoute
    : routes.find(
        (candidate) =>
          candidate.method === method && candidate.on === on && candidate.when.every((name) => query.has(name)),
      )
  const parameter = [...query.keys()].find((name) => !isKnownParameter(name, found))
  if (parameter !== undefined)
    throw notImplemented(`${method} on a ${on}: the parameter ${parameter}`, { Parameter: parameter })
  if (!found) throw notImplemented(`${method} on a ${on}`, {})
  const header = Object.keys(headers).find(
    (name) => isSpecial(name) && ![...everywhere, ...(found.headers ?? [])].includes(name),
  )
  const isMetadata = (name: string) =>
    name.startsWith('x-amz-meta-') && [putObject, copyObject, createUpload].includes(found.run)
  if (header !== undefined && !isMetadata(header))
    throw notImplemented(`${method} on a ${on}: the header ${header}`, { Header: header })
  if (query.has('list-type') && query.get('list-type') !== '2') throw notImplemented('ListObjects but version 2', {})
  return found.run
}

function isKnownParameter(name: string, found: Route | undefined): boolean {
  // Headers that were hoisted into a presigned URL are judged as headers.
  if (name === 'x-id' || name.startsWith('X-Amz-') || name.startsWith('x-amz-')) return true
  return found !== undefined && [...found.when, ...(found.parameters ?? [])].includes(name)
}

const isSpecial = (name: string) => name.startsWith('x-amz-') || name === 'range' || name.startsWith('if-')

const notImplemented = (what: string, fields: Record<string, string>) =>
  new AwsError('NotImplemented', `${what} is not implemented`, 501, fields)
