/** Elements of tensors as JSON writes them and as bytes, and which JSON a datatype can hold: written apart from the product. */
import fc from 'fast-check'

export type FuzzDatatype = (typeof fuzzDatatypes)[number]

export const fuzzDatatypes = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const

const bitsOf = (datatype: FuzzDatatype): number => (datatype === 'BOOL' ? 8 : Number(/\d+$/.exec(datatype)?.[0] ?? 0))

const littleEndian = (sizeBytes: number, write: (view: DataView) => void): number[] => {
  const bytes = new Uint8Array(sizeBytes)
  write(new DataView(bytes.buffer))
  return [...bytes]
}

const wholeBytes = (bits: number, value: bigint): number[] =>
  littleEndian(bits / 8, (view) => {
    for (let i = 0; i < bits / 8; i++) view.setUint8(i, Number((value >> BigInt(8 * i)) & 255n))
  })

/** An element of BYTES with its length before it. */
export const textBytes = (text: string): number[] => {
  const utf8 = [...new TextEncoder().encode(text)]
  return [...wholeBytes(32, BigInt(utf8.length)), ...utf8]
}

const digits = /^-?\d+$/

/** The whole number that a literal stands for where double precision is enough, or where its digits say it. */
const wholeOf = (literal: string, exact: boolean): bigint | undefined => {
  if (exact && digits.test(literal)) return BigInt(literal)
  const value = Number(literal)
  const fits = exact ? Number.isSafeInteger(value) : Number.isInteger(value)
  return fits ? BigInt(value) : undefined
}

const isNumber = (literal: string): boolean => /^-?\d/.test(literal)

const floatBytes = (bits: number, literal: string): number[] | undefined => {
  const value = bits === 32 ? Math.fround(Number(literal)) : Number(literal)
  if (!Number.isFinite(value)) return undefined
  return littleEndian(bits / 8, (view) =>
    bits === 32 ? view.setFloat32(0, value, true) : view.setFloat64(0, value, true),
  )
}

const wholeElement = (datatype: FuzzDatatype, literal: string): number[] | undefined => {
  const bits = bitsOf(datatype)
  const value = wholeOf(literal, bits === 64)
  const least = datatype.startsWith('U') ? 0n : -(2n ** BigInt(bits - 1))
  const most = datatype.startsWith('U') ? 2n ** BigInt(bits) - 1n : 2n ** BigInt(bits - 1) - 1n
  return value !== undefined && value >= least && value <= most ? wholeBytes(bits, value) : undefined
}

/** The bytes that a JSON literal means in a datatype; undefined where the datatype cannot hold it. FP16 has no JSON. */
export const bytesOfLiteral = (datatype: FuzzDatatype, literal: string): number[] | undefined => {
  if (datatype === 'BYTES') {
    const text: unknown = JSON.parse(literal)
    return typeof text === 'string' && text.isWellFormed() && !text.includes('\0') ? textBytes(text) : undefined
  }
  if (datatype === 'BOOL') {
    if (literal === 'true' || literal === 'false') return [Number(literal === 'true')]
    return isNumber(literal) && [0, 1].includes(Number(literal)) ? [Math.abs(Number(literal))] : undefined
  }
  if (!isNumber(literal)) return undefined
  return datatype.startsWith('FP') ? floatBytes(bitsOf(datatype), literal) : wholeElement(datatype, literal)
}

const wholes = fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n })
const edges = fc
  .tuple(fc.integer({ min: 0, max: 65 }), fc.integer({ min: -1, max: 1 }), fc.boolean())
  .map(([power, step, negative]) => (2n ** BigInt(power) + BigInt(step)) * (negative ? -1n : 1n))
const words = fc.constantFrom(
  ...['true', 'false', 'null', '0', '-0', '1.0', '0.5', '1e2', '1e15', '1e16', '1e39', '1e400', '-1e400'],
  ...['3.4028235e38', '3.4028236e38', '1e-400', '123456789012345678901234567890', '"1"', '"a\\u0000b"', '"\\ud800"'],
)
const texts = fc.string({ unit: 'binary', maxLength: 6 }).map((text) => JSON.stringify(text))

/** Any literal, whatever the datatype. */
export const anyLiteral = fc.oneof(
  fc.oneof(wholes, edges).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  words,
  texts,
)

/** Literals that the datatype holds. */
export const goodLiteral = (datatype: FuzzDatatype): fc.Arbitrary<string> => {
  if (datatype === 'BYTES') return texts.filter((literal) => bytesOfLiteral(datatype, literal) !== undefined)
  if (datatype === 'BOOL') return fc.constantFrom('true', 'false', '0', '1')
  if (datatype === 'FP64')
    return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value))
  if (datatype === 'FP32')
    return fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value))
  const bits = BigInt(bitsOf(datatype))
  const signed = !datatype.startsWith('U')
  return fc.bigInt({ min: signed ? -(2n ** (bits - 1n)) : 0n, max: 2n ** (signed ? bits - 1n : bits) - 1n }).map(String)
}

/** Bytes that the datatype holds: any bits but for BOOL and BYTES. */
export const goodBytes = (datatype: FuzzDatatype): fc.Arbitrary<number[]> => {
  if (datatype === 'BOOL') return fc.constantFrom([0], [1])
  if (datatype === 'BYTES') return goodLiteral(datatype).map((literal) => textBytes(JSON.parse(literal)))
  const length = bitsOf(datatype) / 8
  return fc.array(fc.integer({ min: 0, max: 255 }), { minLength: length, maxLength: length })
}
