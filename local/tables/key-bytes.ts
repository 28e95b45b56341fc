import { hash } from 'node:crypto'
import { parseDecimal } from './decimal.ts'
import type { AttributeValue } from './value.ts'

/** Bytes whose order is the order of the key: strings by UTF-8, binary by bytes, numbers by value. */
export const keyBytes = (value: AttributeValue): Uint8Array => {
  if (value.S !== undefined) return Buffer.from(value.S)
  if (value.B !== undefined) return Buffer.from(value.B, 'base64')
  return numberBytes(value.N!)
}

/** Where a partition lies in the order of a scan, in [0, 2^32): DynamoDB scans by hash, not by key. */
export const partitionHash = (partitionKey: Uint8Array): number =>
  (hash('md5', partitionKey, 'buffer') as Buffer).readUInt32BE(0)

/** The number of different partition hashes. */
export const hashSpace = 2 ** 32

/** The least bytes after all that begin with `prefix`, or undefined when there are none. */
export const afterPrefix = (prefix: Uint8Array): Uint8Array | undefined => {
  const last = prefix.findLastIndex((byte) => byte < 0xff)
  if (last < 0) return undefined
  const after = Buffer.from(prefix.subarray(0, last + 1))
  after[last]! += 1
  return after
}

const negativeMark = 0
const zeroMark = 1
const positiveMark = 2
// DynamoDB's exponents, -130 to 125, are 256 values: one byte.
const exponentBias = 130

// Mark, biased exponent, then two digits a byte. The digits of a negative number are inverted and closed by 0xff,
// so that of two numbers of which one's digits begin the other's the longer comes first.
const numberBytes = (digitsText: string): Uint8Array => {
  const { negative, digits, exponent } = parseDecimal(digitsText)
  if (digits === '') return Uint8Array.of(zeroMark)
  const bytes = [exponent + exponentBias]
  for (let at = 0; at < digits.length; at += 2) bytes.push(Number(digits.slice(at, at + 2).padEnd(2, '0')))
  return negative
    ? Uint8Array.from([negativeMark, ...bytes.map((byte) => 0xff - byte), 0xff])
    : Uint8Array.from([positiveMark, ...bytes])
}
