import { clearField, create, toBinary } from '@bufbuild/protobuf'
import { elementTypes } from '../datatype.ts'
import { type TensorProto, TensorProtoSchema } from '../proto/generated/onnx_pb.js'

type Numbers = Float32Array | Int8Array | Uint16Array | BigInt64Array

/**
 * The numbers of an FP32 tensor, to read only: they may lie in the file. Undefined for other types. Little-endian, as
 * every machine that Node runs on here.
 */
export const floatsOf = ({ dataType, rawData, floatData }: TensorProto): Float32Array | undefined => {
  if (dataType !== elementTypes.FP32) return undefined
  if (rawData.length === 0) return Float32Array.from(floatData)
  // Numbers start at a multiple of their size: a copy does. `slice` of a Node buffer would be none.
  const { buffer, byteOffset } = rawData.byteOffset % bytesPerFloat === 0 ? rawData : new Uint8Array(rawData)
  return new Float32Array(buffer, byteOffset, rawData.length / bytesPerFloat)
}
const bytesPerFloat = Float32Array.BYTES_PER_ELEMENT

/** A tensor's own bytes but those of `rawData`. */
export const withoutWeights = (tensor: TensorProto): Uint8Array => {
  const { rawData } = tensor
  if (rawData.length > 0) clearField(tensor, TensorProtoSchema.field.rawData)
  const bytes = toBinary(TensorProtoSchema, tensor)
  if (rawData.length > 0) tensor.rawData = rawData
  return bytes
}

export const sizesOf = ({ dims }: TensorProto): readonly number[] => dims.map(Number)

export const tensorOf = (
  name: string,
  datatype: keyof typeof elementTypes,
  dims: readonly number[],
  data: Numbers,
): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: elementTypes[datatype],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  })
