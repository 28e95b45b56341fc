import type { Tensor, TensorData } from './tensor.ts'

/** The elements at these places, in their order. */
export const takeElements = (data: TensorData, places: Uint32Array): TensorData => {
  if (!ArrayBuffer.isView(data)) return Array.from(places, (place) => data[place]!)
  // A typed array's constructor makes its own kind.
  const taken = new (data.constructor as Float64ArrayConstructor)(places.length)
  for (let i = 0; i < places.length; i++) taken[i] = data[places[i]!] as number
  return taken
}

/** Tensors [n, 1] -> those of these rows, in their order. */
export const takeRows = (tensors: readonly Tensor[], rows: Uint32Array): readonly Tensor[] =>
  tensors.map((tensor) => ({ ...tensor, shape: [rows.length, 1], data: takeElements(tensor.data, rows) }))
