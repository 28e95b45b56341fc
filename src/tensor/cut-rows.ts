import type { Tensor, TensorData } from './tensor.ts'

/** Tensors [n, ...] -> parts of at most `most` rows each, in order; numbers are views of the same memory. */
export const cutRows = (tensors: readonly Tensor[], most: number): readonly (readonly Tensor[])[] => {
  const rows = tensors[0]?.shape[0] ?? 0
  if (rows <= most) return [tensors]
  return Array.from({ length: Math.ceil(rows / most) }, (_, part) =>
    tensors.map((tensor) => rowsOf(tensor, part * most, Math.min(rows, (part + 1) * most))),
  )
}

const rowsOf = (tensor: Tensor, from: number, to: number): Tensor => {
  const { shape, data } = tensor
  const width = shape[0] ? data.length / shape[0] : 0
  const cut = ArrayBuffer.isView(data) ? data.subarray(from * width, to * width) : data.slice(from * width, to * width)
  return { ...tensor, shape: [to - from, ...shape.slice(1)], data: cut }
}

/** The inverse, of parts that have the same names, datatypes and sizes but for the first. */
export const joinRows = (parts: readonly (readonly Tensor[])[]): readonly Tensor[] =>
  (parts[0] ?? []).map((first, place) => {
    if (parts.length === 1) return first
    const own = parts.map((tensors) => tensors[place]!)
    const rows = own.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0)
    return { ...first, shape: [rows, ...first.shape.slice(1)], data: joined(own.map(({ data }) => data)) }
  })

const joined = (parts: readonly TensorData[]): TensorData => {
  const [first] = parts
  if (!ArrayBuffer.isView(first)) return (parts as readonly (readonly string[])[]).flat() // all are of one datatype
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  // A typed array's constructor makes its own kind; Float64Array stands for any.
  const all = new (first.constructor as Float64ArrayConstructor)(length)
  let at = 0
  for (const part of parts as readonly Float64Array[]) {
    all.set(part, at)
    at += part.length
  }
  return all
}
