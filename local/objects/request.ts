/**
 * A request in S3's terms, and the shape of an answer.
 * Does: path-style addresses, headers hoisted into a presigned URL, signatures. Does not: virtual-hosted addresses.
 */
import type { IncomingMessage } from 'node:http'
import { AwsError, type Caller } from '../service.ts'
import { parseQuery, type SecretOf, verifyHeader, verifyPresigned } from '../signature.ts'
import type { Piece } from './blobs.ts'

export type Headers = Readonly<Record<string, string>>

export type S3Request = {
  readonly method: string
  readonly bucket: string
  readonly key: string
  readonly query: ReadonlyMap<string, string>
  /** Names in lower case; what a presigned URL carries as `x-amz-*` parameters is here too. */
  readonly headers: Headers
  readonly body: IncomingMessage
  readonly id: string
}

export type Answer = {
  readonly status: number
  readonly headers?: Headers
  readonly body?: string | { readonly pieces: readonly Piece[]; readonly start: number; readonly end: number }
}

const longestKeyBytes = 1024

/** The request's parts, not yet checked. Throws InvalidURI, KeyTooLongError. */
export function readRequest(message: IncomingMessage, id: string): S3Request {
  const url = message.url ?? '/'
  const mark = url.indexOf('?')
  const path = decodePath(mark < 0 ? url : url.slice(0, mark)).slice(1)
  const slash = path.indexOf('/')
  const key = slash < 0 ? '' : path.slice(slash + 1)
  if (Buffer.byteLength(key) > longestKeyBytes) {
    throw new AwsError('KeyTooLongError', 'Your key is too long', 400, {
      Size: Buffer.byteLength(key),
      MaxSizeAllowed: longestKeyBytes,
    })
  }
  const query = new Map(parseQuery(mark < 0 ? '' : url.slice(mark + 1)))
  const hoisted = [...query].filter(([name]) => name.startsWith('x-amz-'))
  const given = Object.entries(message.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(',') : (value ?? ''),
  ])
  return {
    method: message.method ?? 'GET',
    bucket: slash < 0 ? path : path.slice(0, slash),
    key,
    query,
    headers: { ...Object.fromEntries(hoisted), ...Object.fromEntries(given) },
    body: message,
    id,
  }
}

/** Who signed the request. Throws as S3 does. */
export function callerOfRequest(
  { body, query }: S3Request,
  deps: { secretOf: SecretOf; callerOf: (accessKeyId: string) => Caller; now: () => number },
): Caller {
  const signed = { method: body.method ?? 'GET', url: body.url ?? '/', headers: body.headers }
  if (query.has('X-Amz-Signature')) {
    if (body.headers.authorization !== undefined) {
      throw new AwsError(
        'InvalidArgument',
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the Authorization header should be specified',
      )
    }
    return deps.callerOf(verifyPresigned(signed, deps.secretOf, deps.now))
  }
  return deps.callerOf(verifyHeader(signed, deps.secretOf, deps.now, 's3'))
}

/** The text of a request body. Throws where it is longer than any request of S3 can be. */
export async function readText(source: AsyncIterable<Uint8Array>): Promise<string> {
  // 10,000 parts with their checksums, or 1,000 keys of 1,024 bytes, are below this.
  const longestBytes = 8 * 1024 * 1024
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of source) {
    sizeBytes += chunk.length
    if (sizeBytes > longestBytes)
      throw new AwsError('MalformedXML', `the document is longer than ${longestBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.")
  }
}
