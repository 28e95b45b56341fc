/**
 * The body of an upload on its way to the disk: decoded, measured and compared with what the client declared.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
import { createHash } from 'node:crypto'
import { AwsError } from '../service.ts'
import type { Blobs, Piece } from './blobs.ts'
import {
  type Algorithm,
  type Checksums,
  checksumHeader,
  compareChecksum,
  defaultAlgorithm,
  requestedAlgorithm,
  startChecksum,
} from './checksums.ts'
import { decodeChunked } from './chunked.ts'
import type { S3Request } from './request.ts'

export type Received = { readonly piece: Piece; readonly md5: Buffer; readonly sums: Checksums }

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
const largestPutBytes = 5 * 1024 ** 3

/** Writes the body of a request to the disk. Throws BadDigest, XAmzContentSHA256Mismatch, IncompleteBody and the like. */
export async function receive(
  blobs: Blobs,
  request: S3Request,
  byDefault: Algorithm = defaultAlgorithm,
): Promise<Received> {
  const { headers } = request
  const declared = sizeOf(headers)
  if (declared > largestPutBytes) {
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.', 400, {
      ProposedSize: declared,
      MaxSizeAllowed: largestPutBytes,
    })
  }
  const checked = checkedBody(request)
  return store(blobs, checked.bytes, requestedAlgorithm(headers) ?? byDefault, (sums, sizeBytes) => {
    checked.verify(sums)
    if (sizeBytes !== declared) {
      throw new AwsError(
        'IncompleteBody',
        `You did not provide the number of bytes specified: expected ${declared}, got ${sizeBytes}`,
      )
    }
  })
}

/** Writes bytes to the disk with their MD5 and a checksum; what `verify` throws undoes the write. */
export async function store(
  blobs: Blobs,
  source: AsyncIterable<Uint8Array>,
  algorithm: Algorithm,
  verify: (sums: Checksums, sizeBytes: number) => void = () => undefined,
): Promise<Received> {
  const md5 = createHash('md5')
  const checksum = startChecksum(algorithm)
  let sums: Checksums = {}
  // The checks end the stream, so that a body that fails them never becomes a file.
  async function* measured(): AsyncGenerator<Uint8Array> {
    let sizeBytes = 0
    for await (const bytes of source) {
      sizeBytes += bytes.length
      md5.update(bytes)
      checksum.update(bytes)
      yield bytes
    }
    sums = { [algorithm]: checksum.digest().toString('base64') }
    verify(sums, sizeBytes)
  }
  const piece = await blobs.write(measured())
  return { piece, md5: md5.digest(), sums }
}

/** The decoded bytes of a request, and the comparison to make once they have all been read. */
export function checkedBody({ headers, body }: S3Request): {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly verify: (sums: Checksums) => void
} {
  const declared = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD'
  const streamed = declared === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  if (!streamed && declared !== 'UNSIGNED-PAYLOAD' && !/^[0-9a-f]{64}$/.test(declared)) {
    throw new AwsError('NotImplemented', `x-amz-content-sha256: ${declared} is not implemented`, 501, {
      Header: 'x-amz-content-sha256',
    })
  }
  const trailers: Record<string, string> = {}
  const source: AsyncIterable<Uint8Array> = streamed
    ? decodeChunked(body, (name, value) => {
        trailers[name] = value
      })
    : body
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const bytes of source) {
      if (headers['content-md5'] !== undefined) md5.update(bytes)
      if (declared.length === 64) sha256.update(bytes)
      yield bytes
    }
  }
  return {
    bytes: hashed(),
    verify: (sums) => {
      if (declared.length === 64 && sha256.digest('hex') !== declared) {
        throw new AwsError(
          'XAmzContentSHA256Mismatch',
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
        )
      }
      const given = headers['content-md5']
      if (given !== undefined && Buffer.from(given, 'base64').length !== 16) {
        throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.')
      }
      if (given !== undefined && md5.digest('base64') !== given) {
        throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.')
      }
      const announced = (headers['x-amz-trailer'] ?? '').toLowerCase()
      if (streamed && announced !== '' && trailers[announced] === undefined) {
        throw new AwsError(
          'MalformedTrailerError',
          `The request contained trailing data that was not well-formed: expected ${announced}`,
        )
      }
      for (const [name, computed] of Object.entries(sums) as [Algorithm, string][]) {
        compareChecksum(name, headers[checksumHeader(name)] ?? trailers[checksumHeader(name)], computed)
      }
    },
  }
}

function sizeOf(headers: S3Request['headers']): number {
  const decoded = headers['x-amz-decoded-content-length']
  if (headers['transfer-encoding'] !== undefined && decoded === undefined) {
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501, {
      Header: 'Transfer-Encoding',
    })
  }
  const length = decoded ?? headers['content-length']
  if (length === undefined || !/^\d+$/.test(length)) {
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411)
  }
  return Number(length)
}
