import { dataFromJson } from '../src/tensor/datatypes.ts'
import { type Datatype, elementCount, type Tensor, type TensorData } from '../src/tensor/tensor.ts'

/** Typed array of each datatype; FP16 and BF16 are their bits, BYTES are texts of UTF-8. */
export type DataOf = {
  readonly BOOL: Uint8Array
  readonly UINT8: Uint8Array
  readonly UINT16: Uint16Array
  readonly UINT32: Uint32Array
  readonly UINT64: BigUint64Array
  readonly INT8: Int8Array
  readonly INT16: Int16Array
  readonly INT32: Int32Array
  readonly INT64: BigInt64Array
  readonly FP16: Uint16Array
  readonly BF16: Uint16Array
  readonly FP32: Float32Array
  readonly FP64: Float64Array
  readonly BYTES: readonly string[]
}

/** Numbers and truth values, flat or nested as their shape. */
export type PlainValues = readonly (number | bigint | boolean | string | PlainValues)[]

/**
 * An input of a model. A typed array says its datatype itself (Float32Array is FP32, BigInt64Array INT64, Uint8Array
 * UINT8...), and so do texts (BYTES) and truth values (BOOL); FP16 and BF16 as Uint16Array, BOOL as Uint8Array, and plain
 * numbers need `datatype`. Without `shape` it has one dimension, or those of its nesting.
 */
export type InputValue =
  | TensorData
  | PlainValues
  | { readonly data: TensorData | PlainValues; readonly shape?: readonly number[]; readonly datatype?: Datatype }

/** One output; `data` is row-major. */
export type OutputOf<Kind extends Datatype> = {
  readonly datatype: Kind
  readonly shape: readonly number[]
  readonly data: DataOf[Kind]
}
export type Output = { readonly [Kind in Datatype]: OutputOf<Kind> }[Datatype]

const datatypesOfArrays: readonly (readonly [new (...args: never) => ArrayBufferView, readonly Datatype[]])[] = [
  [Float32Array, ['FP32']],
  [Float64Array, ['FP64']],
  [BigInt64Array, ['INT64']],
  [BigUint64Array, ['UINT64']],
  [Int32Array, ['INT32']],
  [Uint32Array, ['UINT32']],
  [Int16Array, ['INT16']],
  [Uint16Array, ['UINT16', 'FP16', 'BF16']],
  [Int8Array, ['INT8']],
  [Uint8Array, ['UINT8', 'BOOL']],
]

const wrong = (name: string, expected: string, got: unknown, cause?: unknown): TypeError =>
  new TypeError(`input ${name}: expected ${expected}, got ${got}`, { cause })

const ofView = (name: string, data: ArrayBufferView, asked: Datatype | undefined): Datatype => {
  const [, known = []] = datatypesOfArrays.find(([TypedArray]) => data instanceof TypedArray) ?? []
  const datatype = asked ?? known[0]
  if (datatype !== undefined && known.includes(datatype)) return datatype
  const kind = Object.prototype.toString.call(data).slice('[object '.length, -1)
  throw wrong(
    name,
    known.length === 0 ? 'a typed array of a datatype' : `one of ${known.join(', ')} for ${kind}`,
    asked ?? kind,
  )
}

const firstLeaf = (values: PlainValues): unknown => (Array.isArray(values[0]) ? firstLeaf(values[0]) : values[0])

const ofPlain = (name: string, values: PlainValues): Datatype => {
  const leaf = firstLeaf(values)
  if (typeof leaf === 'string') return 'BYTES'
  if (typeof leaf === 'boolean') return 'BOOL'
  throw wrong(name, 'a datatype beside plain values, or a typed array', leaf === undefined ? 'no value' : typeof leaf)
}

const nesting = (values: PlainValues): readonly number[] =>
  Array.isArray(values[0]) ? [values.length, ...nesting(values[0])] : [values.length]

const plainTensor = (name: string, values: PlainValues, shape = nesting(values), asked?: Datatype): Tensor => {
  const datatype = asked ?? ofPlain(name, values)
  try {
    return { name, datatype, shape, data: dataFromJson(name, datatype, shape, values) }
  } catch (cause) {
    throw new TypeError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** An input as its caller wrote it -> a tensor. Throws TypeError where datatype, shape and values disagree. */
export const tensorOf = (name: string, value: InputValue): Tensor => {
  const isData = Array.isArray(value) || ArrayBuffer.isView(value)
  // What is no array at all has the members of the object form.
  const { data, shape, datatype } = (isData ? { data: value } : value) as Extract<InputValue, { data: unknown }>
  if (!ArrayBuffer.isView(data)) return plainTensor(name, data, shape, datatype)
  const kind = ofView(name, data, datatype)
  const sizes = shape ?? [data.length]
  if (elementCount(sizes) !== data.length)
    throw wrong(name, `${elementCount(sizes)} elements of shape [${sizes.join(',')}]`, data.length)
  return { name, datatype: kind, shape: sizes, data }
}
