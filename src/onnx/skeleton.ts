import { PercallError } from '../errors.ts'
import { addDims, checkTensor, isWeights, requireCountable } from './tensor-data.ts'
import { type ByteSource, type Field, type Wire, wireOf, wireTypes } from './wire.ts'

/** A model without weights and attributes' values: small enough to decode, whatever the size of its file. */
export type Skeleton = { readonly bytes: Uint8Array; readonly initializerBytes: number }

// Depth of messages in messages: a body in a body in a body takes 4 each. Real exports stay below 30.
const mostDepth = 64
// Messages, names and references together. A transformer of 100 layers has some 30,000.
const mostParts = 500_000
const mostSkeletonBytes = 64 * 1024 * 1024

type Schema = {
  /** Fields that are messages whose inside matters. */
  readonly messages?: Readonly<Record<number, () => Schema>>
  readonly dropped?: (field: number) => boolean
  readonly check?: (wire: Wire, from: number, to: number) => number
}

const checkSparse = (wire: Wire, from: number, to: number): number => {
  let dims: readonly number[] = []
  for (const field of wire.fields(from, to)) if (field.number === 3) dims = addDims(dims, wire, field)
  // ONNX Runtime makes it dense when it loads.
  if (requireCountable('sparse', dims) > mostDense)
    throw new PercallError(
      'UNSUPPORTED_ONNX',
      `sparse tensor: expected at most ${mostDense} elements, got [${dims.join()}]`,
    )
  return 0
}
const mostDense = 2 ** 29

// Field numbers: src/onnx/proto/onnx.proto.
const tensor: Schema = { dropped: isWeights, check: checkTensor }
const sparse: Schema = { messages: { 1: () => tensor, 2: () => tensor }, check: checkSparse }
const type: Schema = { messages: { 4: () => element, 5: () => mapType, 9: () => element } }
const element: Schema = { messages: { 1: () => type } }
const mapType: Schema = { messages: { 2: () => type } }
const valueInfo: Schema = { messages: { 2: () => type } }
const attribute: Schema = {
  messages: { 5: () => tensor, 6: () => graph, 10: () => tensor, 11: () => graph, 22: () => sparse, 23: () => sparse },
  // s, floats, ints, strings, type protos: nothing here depends on them.
  dropped: (field) => [4, 7, 8, 9, 14, 15].includes(field),
}
const node: Schema = { messages: { 5: () => attribute } }
const graph: Schema = {
  messages: { 1: () => node, 5: () => tensor, 11: () => valueInfo, 12: () => valueInfo, 15: () => sparse },
  // value_info, quantization_annotation, metadata.
  dropped: (field) => [13, 14, 16].includes(field),
}
const training: Schema = { messages: { 1: () => graph, 2: () => graph } }
const localFunction: Schema = { messages: { 7: () => node, 11: () => attribute }, dropped: (field) => field === 12 }
const model: Schema = { messages: { 7: () => graph, 20: () => training, 25: () => localFunction } }

/** Chunks of bytes, counted. */
type Chunks = { readonly parts: Uint8Array[]; sizeBytes: number }

const varintBytes = (value: number): Uint8Array => {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low + 128 : low)
  } while (rest > 0)
  return Uint8Array.from(bytes)
}

const append = (chunks: Chunks, bytes: Uint8Array): void => {
  chunks.parts.push(bytes)
  chunks.sizeBytes += bytes.length
}

/**
 * Walks a file once, checks every tensor in it, and answers the file without weights.
 * Throws NOT_ONNX for bytes that are no protobuf, UNSUPPORTED_ONNX for external data, shapes that do not fit their
 * weights, and files with more parts than any model has. Memory is bounded whatever the bytes are.
 */
export const skeletonOf = (source: ByteSource): Skeleton => {
  const wire = wireOf(source)
  let parts = 0
  let initializerBytes = 0
  let keptBytes = 0

  const count = (): void => {
    parts++
    if (parts > mostParts)
      throw new PercallError(
        'UNSUPPORTED_ONNX',
        `model: expected at most ${mostParts} nodes, tensors and names, got more`,
      )
  }
  const keep = (chunks: Chunks, from: number, to: number): void => {
    keptBytes += to - from
    if (keptBytes > mostSkeletonBytes)
      throw new PercallError(
        'UNSUPPORTED_ONNX',
        `model: expected at most ${mostSkeletonBytes} bytes beside weights, got more`,
      )
    // A copy: what a source gives may be a window that moves on.
    append(chunks, wire.bytes(from, to).slice())
  }
  const walk = (schema: Schema, from: number, to: number, depth: number): Chunks => {
    if (depth > mostDepth)
      throw new PercallError('UNSUPPORTED_ONNX', `model: expected messages nested at most ${mostDepth} deep, got more`)
    initializerBytes += schema.check?.(wire, from, to) ?? 0
    const chunks: Chunks = { parts: [], sizeBytes: 0 }
    for (const field of wire.fields(from, to)) {
      if (schema.dropped?.(field.number)) continue
      count()
      const inner = field.wire === wireTypes.lengthDelimited ? schema.messages?.[field.number] : undefined
      if (inner) nest(chunks, field, walk(inner(), field.content, field.to, depth + 1))
      else keep(chunks, field.from, field.to)
    }
    return chunks
  }
  const nest = (chunks: Chunks, { number }: Field, inner: Chunks): void => {
    append(chunks, varintBytes(number * 8 + wireTypes.lengthDelimited))
    append(chunks, varintBytes(inner.sizeBytes))
    chunks.parts.push(...(inner.parts.length > 1 ? [concatenated(inner)] : inner.parts))
    chunks.sizeBytes += inner.sizeBytes
  }
  const bytes = concatenated(walk(model, 0, source.sizeBytes, 1))
  return { bytes, initializerBytes }
}

const concatenated = ({ parts, sizeBytes }: Chunks): Uint8Array => {
  const bytes = new Uint8Array(sizeBytes)
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
