import { PercallError } from '../errors.ts'
import type { TensorSpec } from '../registry/signature.ts'
import { datatypeOf } from './datatype.ts'
import type { TypeProto, ValueInfoProto } from './proto/generated/onnx_pb.js'

/** A graph input or output as the protocol shows it. Throws NOT_ONNX without a type, UNSUPPORTED_ONNX for foreign ones. */
export const tensorSpec = (side: 'input' | 'output', { name, type }: ValueInfoProto): TensorSpec => {
  const what = `${side} ${name}`
  if (type === undefined) throw new PercallError('NOT_ONNX', `${what}: expected a type, got none`)
  return { name, ...typeSpec(what, type) }
}

type TypeSpec = Omit<TensorSpec, 'name'>

const typeSpec = (what: string, { value }: TypeProto): TypeSpec => {
  switch (value.case) {
    case 'tensorType': {
      const datatype = datatypeOf(value.value.elemType)
      if (datatype === undefined) {
        throw new PercallError(
          'UNSUPPORTED_ONNX',
          `${what}: expected a datatype of the protocol, got ONNX type ${value.value.elemType}`,
        )
      }
      const shape = value.value.shape
      if (shape === undefined) return { datatype, shape: [-1], unknownRank: true }
      return { datatype, shape: shape.dim.map((dim) => (dim.value.case === 'dimValue' ? Number(dim.value.value) : -1)) }
    }
    case 'sequenceType':
      return { ...nested(what, value.value.elemType), kind: 'sequence' }
    case 'mapType':
      return { ...nested(what, value.value.valueType), kind: 'map' }
    case 'optionalType':
      return { ...nested(what, value.value.elemType), kind: 'optional' }
    default:
      throw new PercallError(
        'UNSUPPORTED_ONNX',
        `${what}: expected a tensor, sequence, map or optional, got ${value.case}`,
      )
  }
}

const nested = (what: string, type: TypeProto | undefined): TypeSpec => {
  if (type === undefined) throw new PercallError('NOT_ONNX', `${what}: expected an element type, got none`)
  return typeSpec(what, type)
}

/** Sizes of a tensor with the names of those that vary; a nameless one gets its input's name and its place. */
export const dimensionsOf = ({ name, type }: ValueInfoProto): readonly (number | string)[] => {
  const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined
  if (!shape) return [`${name}.0`]
  return shape.dim.map(({ value }, i) => {
    if (value.case === 'dimValue' && value.value >= 0n) return Number(value.value)
    return value.case === 'dimParam' && value.value !== '' ? value.value : `${name}.${i}`
  })
}
