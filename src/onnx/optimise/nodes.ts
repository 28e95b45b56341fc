import { create } from '@bufbuild/protobuf'
import { type Attribute, attributeProto } from '../attribute.ts'
import { type NodeProto, NodeProtoSchema } from '../proto/generated/onnx_pb.js'

export const nodeOf = (
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): NodeProto =>
  create(NodeProtoSchema, {
    name: `${opType}_${output[0]}`,
    opType,
    input: [...input],
    output: [...output],
    attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
  })

const isStandard = ({ domain }: NodeProto): boolean => domain === '' || domain === 'ai.onnx'

/** Whether a node is one of these operators of ai.onnx. */
export const isOperator = (node: NodeProto, ...operators: readonly string[]): boolean =>
  isStandard(node) && operators.includes(node.opType)

export const intOf = ({ attribute }: NodeProto, name: string, otherwise: number): number =>
  Number(attribute.find((one) => one.name === name)?.i ?? otherwise)

export const floatOf = ({ attribute }: NodeProto, name: string, otherwise: number): number =>
  attribute.find((one) => one.name === name)?.f ?? otherwise
