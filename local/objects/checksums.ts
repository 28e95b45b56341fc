/**
 * The checksums of S3: CRC32, CRC32C, CRC64NVME, SHA1, SHA256.
 * Does: compute over a stream, compare with what the request declares. Does not: the XXHASH family, MD5 as a checksum.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { AwsError } from '../service.ts'

export const algorithms = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const
export type Algorithm = (typeof algorithms)[number]
export type Checksums = { readonly [name in Algorithm]?: string }
export type Checksum = { readonly update: (bytes: Uint8Array) => void; readonly digest: () => Buffer }

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

function startCrc32(): Checksum {
  let value = 0
  return {
    update: (bytes) => {
      value = crc32(bytes, value)
    },
    digest: () => uint32(value),
  }
}

/** Castagnoli polynomial, reflected: RFC 3720, appendix B.4. */
const crc32cTable = new Uint32Array(256).map((_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

function startCrc32c(): Checksum {
  let value = 0xffffffff
  return {
    update: (bytes) => {
      for (const byte of bytes) value = crc32cTable[(value ^ byte) & 0xff]! ^ (value >>> 8)
    },
    digest: () => uint32((value ^ 0xffffffff) >>> 0),
  }
}

/** NVMe polynomial, reflected: NVM Express Command Set 1.0, 5.2.1.3.4. Two halves of 32 bits: BigInt is 50 times slower. */
const crc64Polynomial = 0x9a6c9329ac4bc9b5n
const crc64Table = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte)
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ crc64Polynomial : value >> 1n
  return value
})
const crc64High = Uint32Array.from(crc64Table, (value) => Number(value >> 32n))
const crc64Low = Uint32Array.from(crc64Table, (value) => Number(value & 0xffffffffn))

function startCrc64(): Checksum {
  let high = 0xffffffff
  let low = 0xffffffff
  return {
    update: (bytes) => {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ crc64Low[index]!
        high = (high >>> 8) ^ crc64High[index]!
      }
    },
    digest: () => Buffer.concat([uint32(~high >>> 0), uint32(~low >>> 0)]),
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
