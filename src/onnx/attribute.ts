import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  type AttributeProtoSchema,
  type GraphProtoSchema,
  AttributeProto_AttributeType as Type,
} from './proto/generated/onnx_pb.js'

/** A node's attribute; the key says which of ONNX's types it has. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly graph: MessageInitShape<typeof GraphProtoSchema> }
  | { readonly tensor: { readonly elementType: number; readonly data: Uint8Array | Float32Array | Float64Array } }

export const attributeProto = (name: string, value: Attribute): MessageInitShape<typeof AttributeProtoSchema> => {
  if ('int' in value) return { name, type: Type.INT, i: BigInt(value.int) }
  if ('float' in value) return { name, type: Type.FLOAT, f: value.float }
  if ('string' in value) return { name, type: Type.STRING, s: utf8(value.string) }
  if ('ints' in value) return { name, type: Type.INTS, ints: value.ints.map(BigInt) }
  if ('floats' in value) return { name, type: Type.FLOATS, floats: [...value.floats] }
  if ('graph' in value) return { name, type: Type.GRAPH, g: value.graph }
  if ('tensor' in value) return { name, type: Type.TENSOR, t: vector(value.tensor) }
  return { name, type: Type.STRINGS, strings: value.strings.map(utf8) }
}

const vector = ({ elementType, data }: Extract<Attribute, { tensor: object }>['tensor']) => ({
  dims: [BigInt(data.length)],
  dataType: elementType,
  rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
})

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
