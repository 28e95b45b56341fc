import { PercallError } from '../errors.ts'
import { type Datatype, elementCount, type Tensor, type TensorData } from './tensor.ts'

type NumericArray = Exclude<TensorData, readonly string[]>

type View = {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericArray
}

/** Each element in its own size, little-endian, row-major, without padding; FP16 and BF16 as their bits. */
const views: Readonly<Record<Exclude<Datatype, 'BYTES'>, View>> = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  BF16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
}

/** Bytes of one element; BYTES have none that is fixed. */
export const elementBytes = (datatype: Exclude<Datatype, 'BYTES'>): number => views[datatype].BYTES_PER_ELEMENT

/** An element of BYTES is led by its length, a 4-byte unsigned integer. */
const lengthBytes = 4

// Without ignoreBOM a text that begins with U+FEFF would lose it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

const wrongSize = (input: string, datatype: Datatype, shape: readonly number[], expected: string, got: number) =>
  new PercallError(
    'SHAPE_MISMATCH',
    `input ${input}: shape [${shape.join(',')}] of ${datatype}: expected ${expected} bytes, got ${got}`,
  )

const badText = (input: string, index: number, expected: string): PercallError =>
  new PercallError('BAD_VALUE', `input ${input}: element ${index}: expected ${expected}`)

/** One element of BYTES. Throws BAD_VALUE for bytes that are not UTF-8, and for NUL. */
export const textFromBytes = (input: string, index: number, bytes: Uint8Array): string => {
  // ONNX Runtime's binding cuts a string at NUL without a word.
  if (bytes.includes(0)) throw badText(input, index, 'a string without NUL')
  try {
    return utf8.decode(bytes)
  } catch {
    throw badText(input, index, `a UTF-8 string, got ${bytes.length} other bytes`)
  }
}

const textsFromBytes = (input: string, shape: readonly number[], bytes: Uint8Array): readonly string[] => {
  const count = elementCount(shape)
  // Checked before the list is made: a shape of 2^40 costs nothing.
  if (count * lengthBytes > bytes.length)
    throw wrongSize(input, 'BYTES', shape, `at least ${count * lengthBytes}`, bytes.length)
  const lengths = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const texts = new Array<string>(count)
  let offset = 0
  for (let i = 0; i < count; i++) {
    const left = bytes.length - offset - lengthBytes
    const length = left < 0 ? 0 : lengths.getUint32(offset, true)
    if (left < length)
      throw wrongSize(input, 'BYTES', shape, `${length + lengthBytes} for element ${i}`, left + lengthBytes)
    offset += lengthBytes + length
    texts[i] = textFromBytes(input, i, bytes.subarray(offset - length, offset))
  }
  if (offset !== bytes.length) throw wrongSize(input, 'BYTES', shape, String(offset), bytes.length)
  return texts
}

/**
 * The binary data of one tensor to row-major data: a view of `bytes` where its alignment allows, a copy elsewhere.
 * Throws SHAPE_MISMATCH when bytes and shape disagree; BAD_VALUE for a BOOL other than 0 and 1, for BYTES that are not
 * UTF-8 or hold NUL. Source: Triton's binary tensor data extension.
 */
export const dataFromBytes = (
  input: string,
  datatype: Datatype,
  shape: readonly number[],
  bytes: Uint8Array,
): TensorData => {
  if (datatype === 'BYTES') return textsFromBytes(input, shape, bytes)
  const TypedArray = views[datatype]
  const count = elementCount(shape)
  const sizeBytes = count * TypedArray.BYTES_PER_ELEMENT
  if (bytes.length !== sizeBytes) throw wrongSize(input, datatype, shape, String(sizeBytes), bytes.length)
  const { buffer, byteOffset } = bytes.byteOffset % TypedArray.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes)
  const data = new TypedArray(buffer, byteOffset, count)
  const odd = datatype === 'BOOL' ? bytes.findIndex((value) => value > 1) : -1
  if (odd >= 0)
    throw new PercallError('BAD_VALUE', `input ${input}: element ${odd}: expected 0 or 1, got ${bytes[odd]}`)
  return data
}

const textsToBytes = (texts: readonly string[]): Uint8Array => {
  const encoded = texts.map((text) => encoder.encode(text))
  const bytes = new Uint8Array(encoded.reduce((sum, { length }) => sum + lengthBytes + length, 0))
  const lengths = new DataView(bytes.buffer)
  let offset = 0
  for (const text of encoded) {
    lengths.setUint32(offset, text.length, true)
    bytes.set(text, offset + lengthBytes)
    offset += lengthBytes + text.length
  }
  return bytes
}

/** The binary data of one tensor; numbers are a view, not a copy. */
export const bytesFromData = ({ data }: Pick<Tensor, 'data'>): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : textsToBytes(data)
