import type { Tensor, TensorData } from '../tensor/tensor.ts'
import type { ExplainedColumn } from './columns.ts'

/** Columns that are present, by their numbers: 1 or 0. */
export type Mask = Uint8Array

/**
 * For each row of `rows` and each mask the whole background, with the columns that are present as the row has them:
 * tensors of rows.length x masks.length x background rows.
 */
export const maskedRows = (
  columns: readonly ExplainedColumn[],
  inputs: readonly Tensor[],
  rows: readonly number[],
  background: readonly Tensor[],
  masks: readonly Mask[],
): readonly Tensor[] =>
  inputs.map((tensor, number) => {
    const own = columns.flatMap((column, player) => (column.tensor === number ? [{ place: column.place, player }] : []))
    const absent = background[number]!
    const width = tensor.data.length / tensor.shape[0]!
    const size = absent.data.length
    const data = emptyLike(tensor.data, rows.length * masks.length * size)
    rows.forEach((row, at) => {
      masks.forEach((mask, which) => {
        const from = (at * masks.length + which) * size
        if (own.some(({ player }) => mask[player] === 0)) put(data, absent.data, from)
        for (const { player, place } of own)
          if (mask[player] === 1) repeat(data, tensor.data[row * width + place]!, from + place, from + size, width)
      })
    })
    return { ...tensor, shape: [rows.length * masks.length * absent.shape[0]!, ...tensor.shape.slice(1)], data }
  })

const emptyLike = (data: TensorData, length: number): TensorData =>
  ArrayBuffer.isView(data)
    ? // A typed array's constructor makes its own kind.
      new (data.constructor as Float64ArrayConstructor)(length)
    : new Array<string>(length).fill('')

// Both copy between tensors of one datatype: elements are of the same type.

const put = (into: TensorData, values: TensorData, at: number): void => {
  if (ArrayBuffer.isView(into)) (into as Float64Array).set(values as Float64Array, at)
  else for (let i = 0; i < values.length; i++) (into as string[])[at + i] = values[i] as string
}

const repeat = (into: TensorData, value: string | number | bigint, from: number, to: number, step: number): void => {
  const own = into as { [place: number]: unknown; fill: (value: unknown, from: number, to: number) => void }
  if (step === 1) own.fill(value, from, to)
  else for (let at = from; at < to; at += step) own[at] = value
}
