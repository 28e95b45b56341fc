import { fromBinary } from '@bufbuild/protobuf'
import { datatypeOf } from '../../src/onnx/datatype.ts'
import { type TensorProto, TensorProtoSchema } from '../../src/onnx/proto/generated/onnx_pb.js'
import type { Datatype, TensorData } from '../../src/tensor/tensor.ts'

/** A tensor of a test; FP16 as bits. */
export type Value = {
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly data: TensorData
}

const views = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  INT8: Int8Array,
  UINT16: Uint16Array,
  INT16: Int16Array,
  FP16: Uint16Array,
  BF16: Uint16Array,
  UINT32: Uint32Array,
  INT32: Int32Array,
  UINT64: BigUint64Array,
  INT64: BigInt64Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const

/** Elements of the field that onnx.proto names for each type. */
const fieldOf = (proto: TensorProto, datatype: Exclude<Datatype, 'BYTES'>): Iterable<number | bigint> => {
  if (datatype === 'FP32') return proto.floatData
  if (datatype === 'FP64') return proto.doubleData
  if (datatype === 'INT64') return proto.int64Data
  if (datatype === 'UINT64' || datatype === 'UINT32') return proto.uint64Data
  return proto.int32Data
}

/** Reads a TensorProto file. Undefined for a type that the protocol does not have, or a file that holds no tensor. */
export const readValue = (file: Uint8Array): Value | undefined => {
  const proto = fromBinary(TensorProtoSchema, file)
  const datatype = datatypeOf(proto.dataType)
  if (datatype === undefined) return undefined
  const shape = proto.dims.map(Number)
  if (datatype === 'BYTES')
    return { datatype, shape, data: proto.stringData.map((text) => new TextDecoder().decode(text)) }
  const View = views[datatype]
  if (proto.rawData.length > 0) return { datatype, shape, data: new View(new Uint8Array(proto.rawData).buffer) }
  const elements = Array.from(fieldOf(proto, datatype))
  const data = datatype.endsWith('INT64')
    ? (View as typeof BigInt64Array).from(elements.map(BigInt))
    : (View as typeof Float64Array).from(elements.map(Number))
  return { datatype, shape, data }
}

const halfOf = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const isFloat = (datatype: Datatype): boolean => datatype.startsWith('FP')

/** Tolerances of ONNX's own backend runner: onnx/backend/test/loader and case/test_case.py of the ONNX repository. */
const relative = 1e-3
const absolute = 1e-7

const close = (expected: number, got: number): boolean =>
  Object.is(expected, got) ||
  (Number.isNaN(expected) && Number.isNaN(got)) ||
  expected === got ||
  Math.abs(expected - got) <= absolute + relative * Math.abs(expected)

const plain = ({ datatype, data }: Value): readonly (number | bigint | string)[] =>
  datatype === 'FP16' ? Array.from(data as Uint16Array, halfOf) : Array.from(data as Iterable<number | bigint | string>)

/** What differs, in words; undefined when nothing does. `null` in `got` stands for a number that is not finite. */
export const difference = (
  expected: Value,
  got: Omit<Value, 'data'> & { readonly data: TensorData | readonly (number | bigint | string | null)[] },
): string | undefined => {
  if (expected.datatype !== got.datatype) return `expected ${expected.datatype}, got ${got.datatype}`
  if (expected.shape.join() !== got.shape.join()) return `expected [${expected.shape}], got [${got.shape}]`
  const wanted = plain(expected)
  const found = Array.isArray(got.data) ? got.data : plain(got as Value)
  if (wanted.length !== found.length) return `expected ${wanted.length} elements, got ${found.length}`
  const at = wanted.findIndex((value, i) => {
    const other = found[i]
    if (other === null) return Number.isFinite(value)
    return isFloat(expected.datatype) ? !close(Number(value), Number(other)) : value !== other
  })
  return at < 0 ? undefined : `element ${at}: expected ${wanted[at]}, got ${found[at]}`
}
