import { Tensor as OnnxTensor } from 'onnxruntime-node'
import { PercallError } from '../src/errors.ts'
import type { Datatype, Tensor } from '../src/tensor/tensor.ts'

type OnnxType = OnnxTensor['type']

/** Datatypes of the Open Inference Protocol and what ONNX Runtime's JavaScript calls them; it has no bfloat16. */
const onnxTypes: Readonly<Record<Exclude<Datatype, 'BF16'>, OnnxType>> = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
}

const datatypes = new Map(Object.entries(onnxTypes).map(([datatype, type]) => [type, datatype as Datatype]))

/**
 * onnxruntime-node 1.30 makes a Float16Array of the bits where Node has one, and its binding then reads none of it
 * ("not enough space: expected 4, got 0"); the same members with the bits as Uint16Array are taken as they are.
 */
const halfTensor = ({ shape, data }: Tensor): OnnxTensor =>
  // The binding reads these four members only.
  ({ type: 'float16', dims: shape, location: 'cpu', data }) as unknown as OnnxTensor

export const toOnnx = (tensor: Tensor): OnnxTensor => {
  const { name, datatype, shape, data } = tensor
  if (datatype === 'BF16') throw new PercallError('BAD_DATATYPE', `input ${name}: expected another datatype, got BF16`)
  if (datatype === 'FP16') return halfTensor(tensor)
  // ONNX Runtime checks type and data against each other itself.
  return new OnnxTensor(onnxTypes[datatype], data as OnnxTensor.DataType, shape)
}

/** The binding answers a Float16Array where Node has one. */
const bitsOf = (data: OnnxTensor['data']): Uint16Array => {
  const { buffer, byteOffset, length } = data as Uint16Array // a view of 2-byte elements either way
  return new Uint16Array(buffer, byteOffset, length)
}

/** Throws OUTPUT_NOT_EXPRESSIBLE for a type that the protocol does not have. */
export const fromOnnx = (name: string, { type, dims, data }: OnnxTensor): Tensor => {
  const datatype = datatypes.get(type)
  if (!datatype)
    throw new PercallError('OUTPUT_NOT_EXPRESSIBLE', `output ${name}: expected a tensor of the protocol, got ${type}`)
  return { name, datatype, shape: dims, data: datatype === 'FP16' ? bitsOf(data) : (data as Tensor['data']) }
}
