import { PercallError } from '../errors.ts'
import { type Field, type Wire, wireTypes } from './wire.ts'

/** Field numbers of TensorProto: src/onnx/proto/onnx.proto. */
const tensorFields = {
  dims: 1,
  dataType: 2,
  floatData: 4,
  int32Data: 5,
  stringData: 6,
  int64Data: 7,
  name: 8,
  rawData: 9,
  doubleData: 10,
  uint64Data: 11,
  externalData: 13,
  dataLocation: 14,
} as const

/** Fields that hold weights: passed over, so that a file of a gigabyte is inspected in little memory. */
const dataFields: readonly number[] = [
  tensorFields.floatData,
  tensorFields.int32Data,
  tensorFields.stringData,
  tensorFields.int64Data,
  tensorFields.rawData,
  tensorFields.doubleData,
  tensorFields.uint64Data,
]

export const isWeights = (fieldOfTensor: number): boolean => dataFields.includes(fieldOfTensor)

// TensorProto.DataType: bits of one element. https://onnx.ai/onnx/api/classes.html#tensorproto
const bitsOf: Readonly<Record<number, number>> = {
  ...{ 1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64, 15: 128, 16: 16 },
  ...{ 17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4, 23: 4, 24: 8, 25: 2, 26: 2 },
}
const stringType = 8
const complexTypes: readonly number[] = [14, 15]

// 2^40 elements are a thousand times what a file of the greatest size holds; products stay exact below 2^53.
const mostElements = 2 ** 40
const mostDims = 32
const mostDim = 2 ** 31 - 1
const mostShownName = 100

const unsupported = (name: string, text: string): PercallError =>
  new PercallError('UNSUPPORTED_ONNX', `tensor ${name}: ${text}`)

/** Elements of a shape. Throws UNSUPPORTED_ONNX for negative sizes and for products that nothing holds. */
export const requireCountable = (name: string, dims: readonly number[]): number => {
  if (dims.length > mostDims) throw unsupported(name, `expected at most ${mostDims} dimensions, got ${dims.length}`)
  const bad = dims.find((dim) => !(dim >= 0 && dim <= mostDim))
  if (bad !== undefined) throw unsupported(name, `expected sizes from 0 to ${mostDim}, got ${bad}`)
  const count = dims.reduce((product, dim) => product * dim, 1)
  if (count > mostElements) throw unsupported(name, `expected at most 2^40 elements, got [${dims.join()}]`)
  return count
}

/** Sizes of a repeated field, one by one or packed. Throws UNSUPPORTED_ONNX for more than anything has. */
export const addDims = (dims: readonly number[], wire: Wire, field: Field): readonly number[] => {
  const most = mostDims * mostVarintBytes
  if (field.to - field.content > most || dims.length >= mostDims)
    throw new PercallError('UNSUPPORTED_ONNX', `tensor: expected at most ${mostDims} dimensions, got more`)
  return [...dims, ...wire.varints(field)]
}
const mostVarintBytes = 10

const shownName = (wire: Wire, { content, to }: Field): string =>
  new TextDecoder().decode(wire.bytes(content, Math.min(to, content + mostShownName)))

const perField: Readonly<Record<number, (wire: Wire, field: Field) => number>> = {
  [tensorFields.floatData]: (_, { content, to }) => (to - content) / 4,
  [tensorFields.doubleData]: (_, { content, to }) => (to - content) / 8,
  [tensorFields.int32Data]: (wire, field) => wire.countVarints(field),
  [tensorFields.int64Data]: (wire, field) => wire.countVarints(field),
  [tensorFields.uint64Data]: (wire, field) => wire.countVarints(field),
  [tensorFields.stringData]: () => 1,
}

/** Numbers that `count` elements take in a typed field: two or four of the small ones share one, complex ones take two. */
const typedCount = (dataType: number, count: number): number => {
  if (complexTypes.includes(dataType)) return 2 * count
  const bits = bitsOf[dataType] ?? 8
  return Math.ceil((count * Math.min(bits, 8)) / 8)
}

/**
 * Checks one TensorProto: weights inside the file, and as many as its shape says. Answers their size in bytes.
 * Throws UNSUPPORTED_ONNX.
 */
export const checkTensor = (wire: Wire, from: number, to: number): number => {
  let dims: readonly number[] = []
  let dataType = 0
  let name = ''
  let rawBytes: number | undefined
  let typed = 0
  let storedBytes = 0
  let isExternal = false
  for (const field of wire.fields(from, to)) {
    const { number, content } = field
    if (number === tensorFields.dims) dims = addDims(dims, wire, field)
    else if (number === tensorFields.dataType && field.wire === wireTypes.varint) dataType = wire.varint(field)
    else if (number === tensorFields.name) name = shownName(wire, field)
    else if (number === tensorFields.externalData) isExternal = true
    else if (number === tensorFields.dataLocation) isExternal ||= wire.varint(field) !== 0
    else if (number === tensorFields.rawData) rawBytes = field.to - content
    else typed += perField[number]?.(wire, field) ?? 0
    if (isWeights(number)) storedBytes += field.to - content
  }
  if (isExternal) throw unsupported(name, 'expected weights inside the file, got external data')
  const count = requireCountable(name, dims)
  const bits = bitsOf[dataType]
  if (bits === undefined && dataType !== stringType && count > 0)
    throw unsupported(name, `expected a type of ONNX, got ${dataType}`)
  const shape = `[${dims.join()}]`
  if (rawBytes !== undefined && bits !== undefined) {
    const expected = Math.ceil((count * bits) / 8)
    if (rawBytes !== expected) throw unsupported(name, `expected ${expected} bytes for ${shape}, got ${rawBytes}`)
    return storedBytes
  }
  const expected = dataType === stringType ? count : typedCount(dataType, count)
  if (typed !== expected) throw unsupported(name, `expected ${expected} numbers for ${shape}, got ${typed}`)
  return storedBytes
}
