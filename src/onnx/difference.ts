import type { Tensor } from '../tensor/tensor.ts'

/**
 * The largest distance between two tensors, relative to the largest magnitude of the first: max|a-b| / max|a|.
 * Infinity where shapes, types, texts, whole numbers, NaN or infinities differ. FP16 and BF16 are compared as numbers.
 */
export const differenceOf = (expected: Tensor, found: Tensor): number => {
  const { data } = expected
  const other = found.data
  const sameForm =
    expected.datatype === found.datatype && expected.shape.join() === found.shape.join() && data.length === other.length
  if (!sameForm) return Number.POSITIVE_INFINITY
  const numberOf = decoders[expected.datatype]
  if (!numberOf) return [...data].every((value, i) => value === other[i]) ? 0 : Number.POSITIVE_INFINITY
  let largest = 0
  let distance = 0
  for (let i = 0; i < data.length; i++) {
    const a = numberOf(Number(data[i]))
    const b = numberOf(Number(other[i]))
    if (Object.is(a, b) || a === b) {
      if (Number.isFinite(a)) largest = Math.max(largest, Math.abs(a))
      continue
    }
    if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY
    largest = Math.max(largest, Math.abs(a))
    distance = Math.max(distance, Math.abs(a - b))
  }
  return distance === 0 ? 0 : distance / largest
}

const itself = (value: number): number => value

// IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction.
const fromFp16 = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const word = new DataView(new ArrayBuffer(4))

// bfloat16 is the upper half of a binary32.
const fromBf16 = (bits: number): number => {
  word.setUint32(0, bits << 16)
  return word.getFloat32(0)
}

const decoders: Readonly<Partial<Record<Tensor['datatype'], (value: number) => number>>> = {
  FP16: fromFp16,
  BF16: fromBf16,
  FP32: itself,
  FP64: itself,
}

/** The numbers of a tensor of floating point; undefined for other types. */
export const numbersOf = ({ datatype, data }: Tensor): Float64Array | undefined => {
  const numberOf = decoders[datatype]
  return numberOf && Float64Array.from(data as Iterable<number>, (value) => numberOf(Number(value)))
}
