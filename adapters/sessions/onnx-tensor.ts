import { type InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node'
import { PercallError } from '../../src/errors.ts'
import { fp32Edge } from '../../src/onnx/fp32-edge.ts'
import { bfloat16OfFp32, fp32OfBfloat16 } from '../../src/tensor/bfloat16.ts'
import type { Datatype, Tensor } from '../../src/tensor/tensor.ts'

type OnnxType = OnnxTensor['type']

/**
 * Datatypes of the Open Inference Protocol and what ONNX Runtime's JavaScript calls them. It has no bfloat16: the file
 * that serves has FP32 edges of their own names instead (src/onnx/fp32-edge.ts).
 */
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

const toOnnx = (tensor: Tensor): OnnxTensor => {
  const { datatype, shape, data } = tensor
  if (datatype === 'BF16') return new OnnxTensor('float32', fp32OfBfloat16(data as Uint16Array), shape)
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
const fromOnnx = (name: string, { type, dims, data }: OnnxTensor): Tensor => {
  const datatype = datatypes.get(type)
  if (!datatype)
    throw new PercallError('OUTPUT_NOT_EXPRESSIBLE', `output ${name}: expected a tensor of the protocol, got ${type}`)
  return { name, datatype, shape: dims, data: datatype === 'FP16' ? bitsOf(data) : (data as Tensor['data']) }
}

/** Inputs as a session takes them. */
export const feedsOf = (inputs: readonly Tensor[]): Readonly<Record<string, OnnxTensor>> =>
  Object.fromEntries(
    inputs.map((input) => [input.datatype === 'BF16' ? fp32Edge('input', input.name) : input.name, toOnnx(input)]),
  )

/** What a session calls the outputs, and how its results are read: in the order of `outputs`. */
export const fetchesOf = ({ outputNames }: InferenceSession, outputs: readonly string[]) => {
  const fetched = outputs.map((name) => {
    if (outputNames.includes(name)) return { name, isBfloat16: false, edge: name }
    const edge = fp32Edge('output', name)
    return { name, isBfloat16: outputNames.includes(edge), edge }
  })
  return {
    names: fetched.map(({ name, isBfloat16, edge }) => (isBfloat16 ? edge : name)),
    /** Throws OUTPUT_NOT_EXPRESSIBLE for a type that the protocol does not have. */
    read: (results: InferenceSession.ReturnType): readonly Tensor[] =>
      fetched.map(({ name, isBfloat16, edge }) => {
        // biome-ignore lint/style/noNonNullAssertion: run() rejects when it cannot answer an output that was asked for.
        const tensor = fromOnnx(name, results[isBfloat16 ? edge : name]!)
        if (!isBfloat16) return tensor
        // The file that was rewritten casts it to FP32.
        return { ...tensor, datatype: 'BF16', data: bfloat16OfFp32(tensor.data as Float32Array) }
      }),
  }
}
