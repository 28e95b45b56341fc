/**
 * The cyclic redundancy checks of S3: over a stream, and of joined parts from the parts' own.
 * Slicing by eight: M. E. Kounavis, F. L. Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC
 * Generation", 2008; joining: M. Adler's crc32_combine in zlib, by multiplication of polynomials modulo the generator.
 */
import { crc32 } from 'node:zlib'

export type Checksum = { readonly update: (bytes: Uint8Array) => void; readonly digest: () => Buffer }

// Generators in reflected form. Castagnoli: RFC 3720, B.4; NVMe: NVM Express Command Set 1.0, 5.2.1.3.4.
const generators = {
  crc32: { polynomial: 0xedb88320n, bits: 32 },
  crc32c: { polynomial: 0x82f63b78n, bits: 32 },
  crc64nvme: { polynomial: 0x9a6c9329ac4bc9b5n, bits: 64 },
} as const

type Crc = keyof typeof generators

export const isCrc = (name: string): name is Crc => Object.hasOwn(generators, name)

export function startCrc32(): Checksum {
  let value = 0
  return {
    update: (bytes) => {
      value = crc32(bytes, value)
    },
    digest: () => uint32(value),
  }
}

const slices = 8
const byteValues = 256

/** Eight tables of 256 values one after the other; table k is what a byte does to the check k bytes later. */
function slicedTable(name: 'crc32c' | 'crc64nvme'): readonly bigint[] {
  const { polynomial } = generators[name]
  const table = Array.from({ length: byteValues }, (_, byte) => {
    let value = BigInt(byte)
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n
    return value
  })
  for (let at = byteValues; at < slices * byteValues; at++) {
    const before = table[at - byteValues]!
    table.push((before >> 8n) ^ table[Number(before & 0xffn)]!)
  }
  return table
}

const crc32cTable = Uint32Array.from(slicedTable('crc32c').slice(0, byteValues), Number)

export function startCrc32c(): Checksum {
  let value = 0xffffffff
  return {
    update: (bytes) => {
      for (const byte of bytes) value = crc32cTable[(value ^ byte) & 0xff]! ^ (value >>> 8)
    },
    digest: () => uint32((value ^ 0xffffffff) >>> 0),
  }
}

// Two halves of 32 bits: BigInt is 50 times slower.
const crc64Table = slicedTable('crc64nvme')
const high64 = Uint32Array.from(crc64Table, (value) => Number(value >> 32n))
const low64 = Uint32Array.from(crc64Table, (value) => Number(value & 0xffffffffn))

export function startCrc64(): Checksum {
  let high = 0xffffffff
  let low = 0xffffffff
  const byBytes = (bytes: Uint8Array, from: number, to: number): void => {
    for (let at = from; at < to; at++) {
      const index = (low ^ bytes[at]!) & 0xff
      low = ((low >>> 8) | (high << 24)) ^ low64[index]!
      high = (high >>> 8) ^ high64[index]!
    }
  }
  return {
    update: (bytes) => {
      const whole = bytes.length - (bytes.length % slices)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      for (let at = 0; at < whole; at += slices) {
        const a = low ^ view.getInt32(at, true)
        const b = high ^ view.getInt32(at + 4, true)
        const i7 = 1792 + (a & 0xff)
        const i6 = 1536 + ((a >>> 8) & 0xff)
        const i5 = 1280 + ((a >>> 16) & 0xff)
        const i4 = 1024 + (a >>> 24)
        const i3 = 768 + (b & 0xff)
        const i2 = 512 + ((b >>> 8) & 0xff)
        const i1 = 256 + ((b >>> 16) & 0xff)
        const i0 = b >>> 24
        low = low64[i7]! ^ low64[i6]! ^ low64[i5]! ^ low64[i4]! ^ low64[i3]! ^ low64[i2]! ^ low64[i1]! ^ low64[i0]!
        high =
          high64[i7]! ^ high64[i6]! ^ high64[i5]! ^ high64[i4]! ^ high64[i3]! ^ high64[i2]! ^ high64[i1]! ^ high64[i0]!
      }
      byBytes(bytes, whole, bytes.length)
    },
    digest: () => Buffer.concat([uint32(~high >>> 0), uint32(~low >>> 0)]),
  }
}

/** The check, in base64, of parts one after the other, from the checks and sizes of each. */
export function joinedCrc(name: Crc, parts: readonly { readonly sum: string; readonly sizeBytes: number }[]): string {
  const { bits } = generators[name]
  let joined = 0n
  for (const { sum, sizeBytes } of parts) {
    const own = BigInt(`0x${Buffer.from(sum, 'base64').toString('hex')}`)
    joined = multiplied(name, powerOfX(name, BigInt(sizeBytes) * 8n), joined) ^ own
  }
  return Buffer.from(joined.toString(16).padStart(bits / 4, '0'), 'hex').toString('base64')
}

/** Product modulo the generator; the highest bit is the coefficient of x^0. */
function multiplied(name: Crc, a: bigint, b: bigint): bigint {
  const { polynomial, bits } = generators[name]
  let product = 0n
  let shifted = b
  for (let bit = BigInt(bits - 1); bit >= 0n; bit--) {
    if ((a >> bit) & 1n) product ^= shifted
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n
  }
  return product
}

function powerOfX(name: Crc, exponent: bigint): bigint {
  const { bits } = generators[name]
  let power = 1n << BigInt(bits - 1)
  let square = 1n << BigInt(bits - 2)
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) power = multiplied(name, power, square)
    square = multiplied(name, square, square)
  }
  return power
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
