/**
 * Conditional requests of S3.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
import { AwsError } from '../service.ts'

type Headers = Readonly<Record<string, string>>
type Found = { readonly etag: string; readonly modifiedMs: number }

/** Throws PreconditionFailed or NoSuchKey when the key's present object forbids the write. */
export function checkWrite(headers: Headers, present: Found | undefined): void {
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new AwsError('NotImplemented', `If-None-Match: expected *, got ${ifNoneMatch}`, 501, {
      Header: 'If-None-Match',
    })
  }
  if (ifNoneMatch === '*' && present) throw failed('If-None-Match')
  if (ifMatch === undefined) return
  if (!present) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404)
  if (!includes(ifMatch, present.etag)) throw failed('If-Match')
}

/** Answers 304 where the reader's copy is fresh; throws PreconditionFailed. RFC 9110, 13.2.2. */
export function checkRead(headers: Headers, { etag, modifiedMs }: Found): 'read' | 'not-modified' {
  const modifiedS = Math.floor(modifiedMs / 1000)
  const seconds = (name: string) => Math.floor(Date.parse(headers[name] ?? '') / 1000)
  if (headers['if-match'] !== undefined) {
    if (!includes(headers['if-match'], etag)) throw failed('If-Match')
  } else if (seconds('if-unmodified-since') < modifiedS) throw failed('If-Unmodified-Since')
  if (headers['if-none-match'] !== undefined) return includes(headers['if-none-match'], etag) ? 'not-modified' : 'read'
  return seconds('if-modified-since') >= modifiedS ? 'not-modified' : 'read'
}

/** First and last byte of a Range header, undefined for the whole. Throws InvalidRange. */
export function rangeOf(range: string | undefined, sizeBytes: number): { start: number; end: number } | undefined {
  if (range?.includes(',')) throw new AwsError('NotImplemented', 'Range: several ranges are not implemented', 501)
  // What is no byte range is ignored: RFC 9110, 14.2.
  const bounds = /^bytes=(\d*)-(\d*)$/.exec(range ?? '')
  if (!bounds || (bounds[1] === '' && bounds[2] === '')) return undefined
  const start = bounds[1] === '' ? Math.max(0, sizeBytes - Number(bounds[2])) : Number(bounds[1])
  const end = bounds[1] === '' || bounds[2] === '' ? sizeBytes - 1 : Math.min(Number(bounds[2]), sizeBytes - 1)
  if (start >= sizeBytes || (bounds[1] === '' && Number(bounds[2]) === 0)) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, { ActualObjectSize: sizeBytes })
  }
  return end < start ? undefined : { start, end }
}

const includes = (list: string, etag: string) =>
  list.split(',').some((item) => item.trim() === '*' || item.trim().replace(/^W\//, '').replaceAll('"', '') === etag)

const failed = (condition: string) =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  })
