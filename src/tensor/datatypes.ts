import { PercallError } from '../errors.ts'
import { type Datatype, elementCount, type TensorData } from './tensor.ts'

/** Copies JSON values from `values` into `target` from `offset` on. Throws BAD_VALUE that names the element. */
type Fill = (target: never, values: readonly unknown[], offset: number, input: string) => void

const shownLength = 40

/** A value as an error message shows it: short, and without walking into nested ones. */
const show = (value: unknown): string => {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > shownLength ? `${text.slice(0, shownLength)}...` : text
}

const badValue = (input: string, index: number, expected: string, got: unknown): PercallError =>
  new PercallError('BAD_VALUE', `input ${input}: element ${index}: expected ${expected}, got ${show(got)}`)

const fillFloat =
  (datatype: Datatype) =>
  (target: Float32Array | Float64Array, values: readonly unknown[], offset: number, input: string): void => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      // Integers above 2^53 come as bigint when another input of the body made it exact.
      if (typeof value !== 'number' && typeof value !== 'bigint') throw badValue(input, offset + i, datatype, value)
      target[offset + i] = Number(value)
      // 1e400 parses to Infinity; 1e39 becomes Infinity in float32.
      if (!Number.isFinite(target[offset + i])) throw badValue(input, offset + i, `a finite ${datatype}`, value)
    }
  }

const fillInteger =
  (datatype: Datatype, least: number, most: number) =>
  (target: Int32Array, values: readonly unknown[], offset: number, input: string): void => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
        throw badValue(input, offset + i, `${datatype} ${least}..${most}`, value)
      target[offset + i] = value
    }
  }

const fillBigInteger =
  (datatype: Datatype, least: bigint, most: bigint) =>
  (target: BigInt64Array, values: readonly unknown[], offset: number, input: string): void => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      const whole =
        typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value as number) : undefined
      if (whole === undefined || whole < least || whole > most)
        throw badValue(input, offset + i, `${datatype} ${least}..${most}`, value)
      target[offset + i] = whole
    }
  }

const fillBool = (target: Uint8Array, values: readonly unknown[], offset: number, input: string): void => {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value !== true && value !== false && value !== 0 && value !== 1)
      throw badValue(input, offset + i, 'true or false', value)
    target[offset + i] = Number(value)
  }
}

const fillText = (target: string[], values: readonly unknown[], offset: number, input: string): void => {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'string' || !value.isWellFormed()) throw badValue(input, offset + i, 'a UTF-8 string', value)
    // ONNX Runtime's binding cuts a string at NUL without a word.
    if (value.includes('\0')) throw badValue(input, offset + i, 'a string without NUL', value)
    target[offset + i] = value
  }
}

type Storage = { readonly allocate: (length: number) => TensorData; readonly fill: Fill }

const most64 = 2n ** 64n - 1n
const most63 = 2n ** 63n - 1n

/** How each datatype is stored and read from JSON; FP16 and BF16 exist in binary only. */
const storages: Readonly<Record<Exclude<Datatype, 'FP16' | 'BF16'>, Storage>> = {
  BOOL: { allocate: (n) => new Uint8Array(n), fill: fillBool },
  UINT8: { allocate: (n) => new Uint8Array(n), fill: fillInteger('UINT8', 0, 255) },
  UINT16: { allocate: (n) => new Uint16Array(n), fill: fillInteger('UINT16', 0, 65_535) },
  UINT32: { allocate: (n) => new Uint32Array(n), fill: fillInteger('UINT32', 0, 4_294_967_295) },
  UINT64: { allocate: (n) => new BigUint64Array(n), fill: fillBigInteger('UINT64', 0n, most64) },
  INT8: { allocate: (n) => new Int8Array(n), fill: fillInteger('INT8', -128, 127) },
  INT16: { allocate: (n) => new Int16Array(n), fill: fillInteger('INT16', -32_768, 32_767) },
  INT32: { allocate: (n) => new Int32Array(n), fill: fillInteger('INT32', -2_147_483_648, 2_147_483_647) },
  INT64: { allocate: (n) => new BigInt64Array(n), fill: fillBigInteger('INT64', -most63 - 1n, most63) },
  FP32: { allocate: (n) => new Float32Array(n), fill: fillFloat('FP32') },
  FP64: { allocate: (n) => new Float64Array(n), fill: fillFloat('FP64') },
  BYTES: { allocate: (n) => new Array<string>(n).fill(''), fill: fillText },
}

const expectedNesting = (input: string, shape: readonly number[], depth: number, got: unknown): PercallError => {
  const found = Array.isArray(got) ? `${got.length} elements` : show(got)
  if (depth === shape.length)
    return new PercallError('SHAPE_MISMATCH', `input ${input}: shape []: expected one value, got an array in ${found}`)
  return new PercallError(
    'SHAPE_MISMATCH',
    `input ${input}: shape [${shape.join(',')}]: expected ${shape[depth]} elements at depth ${depth}, got ${found}`,
  )
}

/**
 * JSON values, flat or nested as `shape` says, to row-major data.
 * Throws SHAPE_MISMATCH when values and shape disagree, BAD_VALUE for a value the datatype cannot hold exactly,
 * BAD_DATATYPE for FP16 and BF16, which JSON cannot carry.
 */
export const dataFromJson = (
  input: string,
  datatype: Datatype,
  shape: readonly number[],
  values: readonly unknown[],
): TensorData => {
  if (datatype === 'FP16' || datatype === 'BF16')
    throw new PercallError('BAD_DATATYPE', `input ${input}: expected ${datatype} as binary data, got JSON`)
  const { allocate, fill } = storages[datatype]
  const count = elementCount(shape)
  const nested = Array.isArray(values[0])
  if (!nested && values.length !== count)
    throw new PercallError(
      'SHAPE_MISMATCH',
      `input ${input}: shape [${shape.join(',')}]: expected ${count} elements, got ${values.length}`,
    )
  if (!nested) {
    const data = allocate(count)
    fill(data as never, values, 0, input)
    return data
  }
  const leaves: (readonly unknown[])[] = []
  const walk = (part: unknown, depth: number): void => {
    if (!Array.isArray(part) || part.length !== shape[depth]) throw expectedNesting(input, shape, depth, part)
    if (depth === shape.length - 1) leaves.push(part)
    else for (const inner of part) walk(inner, depth + 1)
  }
  walk(values, 0)
  const data = allocate(count)
  let offset = 0
  for (const leaf of leaves) {
    fill(data as never, leaf, offset, input)
    offset += leaf.length
  }
  return data
}
