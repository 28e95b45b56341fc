import { PercallError } from '../errors.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'
import type { Prepared } from './prepared.ts'

type Section = {
  readonly name: string
  readonly datatype: 'FP32' | 'FP64' | 'INT64' | 'BYTES'
  /** Of BYTES: the column holds numbers into this list. */
  readonly levels?: readonly string[]
}

/** Values of each row that not every split or request has, in the order in which they follow. */
const optional = ['weights', 'times', 'groups'] as const

type Header = {
  readonly schema: 1
  readonly rows: number
  readonly sections: readonly Section[]
  readonly optional: readonly (typeof optional)[number][]
}

/** A function of 3.5 GB holds the file and what is made of it; a typed array takes 2^33 - 1 bytes. */
const mostBytes = 2 ** 31

const lengthBytes = 4
/** So that every section can be viewed in place. */
const alignment = 8

/**
 * data.bin: length of the header (uint32, little-endian), header in JSON, then the sections, each from the next multiple
 * of 8 on: the codec's columns, y (float64), rows (uint32), test and folds (uint8), and those of weights and times (float64)
 * and groups (uint32) that there are. Text is by number into its levels. Throws TOO_LARGE above 2 GB.
 */
export const encodePrepared = (prepared: Prepared): Uint8Array => {
  const columns = prepared.tensors.map(encodeColumn)
  const present = optional.filter((name) => prepared[name] !== undefined)
  const rows = prepared.y.length
  const header: Header = { schema: 1, rows, sections: columns.map(({ section }) => section), optional: present }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const always = [...columns.map(({ data }) => data), prepared.y, prepared.rows, prepared.test, prepared.folds]
  const sections = [...always, ...present.flatMap((name) => prepared[name] ?? [])]
  const start = aligned(lengthBytes + json.length)
  const sizeBytes = sections.reduce((end, { byteLength }) => aligned(end + byteLength), start)
  if (sizeBytes > mostBytes)
    throw new PercallError(
      'TOO_LARGE',
      `table: expected at most ${mostBytes} bytes of typed columns, got ${sizeBytes} of ${rows} rows and ${columns.length} columns; drop columns or rows`,
    )
  const bytes = new Uint8Array(sizeBytes)
  new DataView(bytes.buffer).setUint32(0, json.length, true)
  bytes.set(json, lengthBytes)
  let offset = start
  for (const { buffer, byteOffset, byteLength } of sections) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset)
    offset = aligned(offset + byteLength)
  }
  return bytes
}

/** The inverse of encodePrepared. */
export const decodePrepared = (file: Uint8Array): Prepared => {
  const bytes = file.byteOffset % alignment === 0 ? file : file.slice()
  const { buffer, byteOffset } = bytes
  const jsonLength = new DataView(buffer, byteOffset).getUint32(0, true)
  const json = new TextDecoder().decode(bytes.subarray(lengthBytes, lengthBytes + jsonLength))
  const { rows, sections, optional: present } = JSON.parse(json) as Header // written by encodePrepared
  let offset = byteOffset + aligned(lengthBytes + jsonLength)
  const next = (width: number): number => {
    const at = offset
    offset = byteOffset + aligned(at - byteOffset + rows * width)
    return at
  }
  const tensors = sections.map((section): Tensor => {
    const { name, datatype, levels = [] } = section
    return { name, datatype, shape: [rows, 1], data: viewOf(buffer, datatype, levels, next, rows) }
  })
  const always = {
    tensors,
    y: new Float64Array(buffer, next(8), rows),
    rows: new Uint32Array(buffer, next(4), rows),
    test: new Uint8Array(buffer, next(1), rows),
    folds: new Uint8Array(buffer, next(1), rows),
  }
  const others = present.map((name) => [
    name,
    name === 'groups' ? new Uint32Array(buffer, next(4), rows) : new Float64Array(buffer, next(8), rows),
  ])
  return { ...always, ...Object.fromEntries(others) }
}

const viewOf = (
  buffer: ArrayBufferLike,
  datatype: Section['datatype'],
  levels: readonly string[],
  next: (width: number) => number,
  rows: number,
): TensorData => {
  switch (datatype) {
    case 'FP32':
      return new Float32Array(buffer, next(4), rows)
    case 'FP64':
      return new Float64Array(buffer, next(8), rows)
    case 'INT64':
      return new BigInt64Array(buffer, next(8), rows)
    case 'BYTES':
      return Array.from(new Uint32Array(buffer, next(4), rows), (level) => levels[level]!)
  }
}

const aligned = (offset: number): number => Math.ceil(offset / alignment) * alignment

const encodeColumn = ({ name, datatype, data }: Tensor): { section: Section; data: ArrayBufferView } => {
  if (ArrayBuffer.isView(data)) {
    return { section: { name, datatype: datatype as Section['datatype'] }, data } // the codec makes no others
  }
  const levels = new Map<string, number>()
  const numbers = Uint32Array.from(data, (text) => {
    const known = levels.get(text)
    if (known !== undefined) return known
    levels.set(text, levels.size)
    return levels.size - 1
  })
  return { section: { name, datatype: 'BYTES', levels: [...levels.keys()] }, data: numbers }
}
