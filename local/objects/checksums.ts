/**
 * The checksums of S3: CRC32, CRC32C, CRC64NVME, SHA1, SHA256.
 * Does: compute over a stream, compare with what the request declares. Does not: the XXHASH family, MD5 as a checksum.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash } from 'node:crypto'
import { AwsError } from '../service.ts'
import { type Checksum, startCrc32, startCrc32c, startCrc64 } from './crc.ts'

export const algorithms = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const
export type Algorithm = (typeof algorithms)[number]
export type Checksums = { readonly [name in Algorithm]?: string }

/** What S3 computes where the client asks for nothing. */
export const defaultAlgorithm: Algorithm = 'crc64nvme'

/** Starts a checksum; its digest is the big-endian bytes that S3 shows in base64. */
export function startChecksum(algorithm: Algorithm): Checksum {
  if (algorithm === 'crc32') return startCrc32()
  if (algorithm === 'crc32c') return startCrc32c()
  if (algorithm === 'crc64nvme') return startCrc64()
  const hash = createHash(algorithm)
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() }
}

/** The algorithm that a header such as `CRC32` names. Throws InvalidRequest. */
export function algorithmOf(name: string): Algorithm {
  const found = algorithms.find((algorithm) => algorithm === name.toLowerCase())
  if (!found) throw new AwsError('InvalidRequest', `Checksum algorithm provided is unsupported: ${name}`)
  return found
}

export const checksumHeader = (algorithm: Algorithm): string => `x-amz-checksum-${algorithm}`

/** Headers of an answer that shows the checksums. */
export const checksumHeaders = (sums: Checksums): Record<string, string> =>
  Object.fromEntries(
    algorithms.flatMap((name) => (sums[name] === undefined ? [] : [[checksumHeader(name), sums[name]]])),
  )

/** Elements of an XML answer that shows the checksums. */
export const checksumElements = (sums: Checksums): Record<string, string> =>
  Object.fromEntries(algorithms.flatMap((name) => (sums[name] === undefined ? [] : [[elementName(name), sums[name]]])))

/** Name of the XML element of a checksum. */
export const elementName = (algorithm: Algorithm): string => `Checksum${algorithm.toUpperCase()}`

/** The algorithm of a request, by checksum header or trailer. Throws InvalidRequest for none where one was announced. */
export function requestedAlgorithm(headers: Readonly<Record<string, string>>): Algorithm | undefined {
  const trailers = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase())
  const found = algorithms.filter(
    (name) => headers[checksumHeader(name)] !== undefined || trailers.includes(checksumHeader(name)),
  )
  if (found.length > 1)
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  const strange = trailers.find(
    (name) => name !== '' && !algorithms.some((algorithm) => name === checksumHeader(algorithm)),
  )
  if (strange !== undefined)
    throw new AwsError('InvalidRequest', `The value specified in the x-amz-trailer header is not supported: ${strange}`)
  if (found.length === 0 && headers['x-amz-sdk-checksum-algorithm'] !== undefined) {
    throw new AwsError(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    )
  }
  return found[0]
}

/** Throws BadDigest when a declared checksum differs from the computed one. */
export function compareChecksum(algorithm: Algorithm, declared: string | undefined, computed: string): void {
  if (declared === undefined || declared === computed) return
  throw new AwsError('BadDigest', `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`)
}
