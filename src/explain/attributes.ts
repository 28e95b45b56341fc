import { elementTypes } from '../onnx/datatype.ts'
import type { AttributeProto, NodeProto, TensorProto } from '../onnx/proto/generated/onnx_pb.js'

/** A node's attributes by name. */
export const attributesOf = ({ attribute }: NodeProto): ReadonlyMap<string, AttributeProto> =>
  new Map(attribute.map((one) => [one.name, one]))

/** The numbers of a tensor of FP32, FP64, INT64 or UINT8; undefined for other types. */
export const tensorNumbers = ({
  dataType,
  rawData,
  floatData,
  doubleData,
  int64Data,
  int32Data,
}: TensorProto): Float64Array | undefined => {
  // A copy starts at a multiple of eight. Little-endian, as every machine that Node runs on here.
  const { buffer } = new Uint8Array(rawData)
  const raw = rawData.length > 0
  switch (dataType) {
    case elementTypes.FP32:
      return Float64Array.from(raw ? new Float32Array(buffer) : floatData)
    case elementTypes.FP64:
      return raw ? new Float64Array(buffer) : Float64Array.from(doubleData)
    case elementTypes.INT64:
      return Float64Array.from(raw ? new BigInt64Array(buffer) : int64Data, Number)
    case elementTypes.UINT8:
      return Float64Array.from(raw ? new Uint8Array(buffer) : int32Data)
    default:
      return undefined
  }
}
