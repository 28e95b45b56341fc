import { PercallError } from '../errors.ts'

/** A file of any size, read in parts: `read` answers fewer bytes only at the end. */
export type ByteSource = { readonly sizeBytes: number; readonly read: (offset: number, length: number) => Uint8Array }

export const sourceOf = (bytes: Uint8Array): ByteSource => ({
  sizeBytes: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
})

/** One field of a protobuf message: its number, wire type, and where it and its content lie. */
export type Field = {
  readonly number: number
  readonly wire: number
  /** Offset of the tag. */
  readonly from: number
  /** Offset of the content, behind the length where it has one. */
  readonly content: number
  readonly to: number
}

/** Reads wire format. Source: https://protobuf.dev/programming-guides/encoding/ */
export type Wire = {
  readonly fields: (from: number, to: number) => Generator<Field>
  /** Value of a varint field; beyond 2^53 it is rounded. */
  readonly varint: (field: Field) => number
  readonly bytes: (from: number, to: number) => Uint8Array
  /** Numbers in a packed or single varint field: those of its bytes that end one. */
  readonly countVarints: (field: Field) => number
  /** The numbers themselves. */
  readonly varints: (field: Field) => readonly number[]
}

export const wireTypes = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const

const windowBytes = 64 * 1024
const mostVarintBytes = 10
const continues = 0x80

/** Throws NOT_ONNX for bytes that are no protobuf: truncated fields, groups, endless numbers. */
export const wireOf = (source: ByteSource): Wire => {
  const { sizeBytes } = source
  const notOnnx = (why: string): PercallError =>
    new PercallError('NOT_ONNX', `model: expected an ONNX protobuf, got ${sizeBytes} bytes that are none: ${why}`)
  let window: Uint8Array = new Uint8Array(0)
  let windowFrom = 0
  const byteAt = (offset: number): number => {
    if (offset < windowFrom || offset >= windowFrom + window.length) {
      window = source.read(offset, Math.min(windowBytes, sizeBytes - offset))
      windowFrom = offset
    }
    const byte = window[offset - windowFrom]
    if (byte === undefined) throw notOnnx('they end inside a field')
    return byte
  }
  const readVarint = (from: number, to: number): { readonly value: number; readonly next: number } => {
    let value = 0
    for (let i = 0; i < mostVarintBytes; i++) {
      if (from + i >= to) throw notOnnx('they end inside a number')
      const byte = byteAt(from + i)
      value += (byte & (continues - 1)) * 2 ** (7 * i)
      if (byte < continues) return { value, next: from + i + 1 }
    }
    throw notOnnx('a number of more than 64 bits')
  }
  const endOf = (wire: number, from: number, to: number): { readonly content: number; readonly end: number } => {
    if (wire === wireTypes.varint) return { content: from, end: readVarint(from, to).next }
    if (wire === wireTypes.fixed64) return { content: from, end: from + 8 }
    if (wire === wireTypes.fixed32) return { content: from, end: from + 4 }
    if (wire !== wireTypes.lengthDelimited) throw notOnnx(`a field of wire type ${wire}`)
    const { value, next } = readVarint(from, to)
    return { content: next, end: next + value }
  }
  function* fields(from: number, to: number): Generator<Field> {
    for (let offset = from; offset < to; ) {
      const tag = readVarint(offset, to)
      const number = Math.floor(tag.value / 8)
      const wire = tag.value % 8
      const { content, end } = endOf(wire, tag.next, to)
      if (number === 0) throw notOnnx('a field of number 0')
      if (end > to) throw notOnnx(`field ${number} of ${end - content} bytes where ${to - content} are left`)
      yield { number, wire, from: offset, content, to: end }
      offset = end
    }
  }
  return {
    fields,
    varint: ({ content, to }) => readVarint(content, to).value,
    bytes: (from, to) => source.read(from, to - from),
    countVarints: ({ content, to }) => {
      let count = 0
      for (let offset = content; offset < to; offset++) if (byteAt(offset) < continues) count++
      return count
    },
    varints: ({ content, to }) => {
      const values: number[] = []
      for (let offset = content; offset < to; ) {
        const { value, next } = readVarint(offset, to)
        values.push(value)
        offset = next
      }
      return values
    },
  }
}
