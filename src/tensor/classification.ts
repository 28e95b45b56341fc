import { PercallError } from '../errors.ts'
import { shortestFloat32 } from './shortest-float32.ts'
import { type Datatype, elementCount, type Tensor } from './tensor.ts'

type Numbers = Exclude<Tensor['data'], readonly string[]>

const hasOrder = (datatype: Datatype): boolean => !['BYTES', 'BOOL', 'FP16', 'BF16'].includes(datatype)

/** Throws BAD_REQUEST for a datatype whose values are no scores; Triton refuses the same ones. */
export const requireClassifiable = (output: string, datatype: Datatype): void => {
  if (hasOrder(datatype)) return
  throw new PercallError(
    'BAD_REQUEST',
    `output ${output}: expected a number for classification, the model gives ${datatype}`,
  )
}

const scoreText = (value: number | bigint, datatype: Datatype): string => {
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  return String(datatype === 'FP32' ? shortestFloat32(Number(value)) : value)
}

const isNaNValue = (value: number | bigint): boolean => typeof value === 'number' && Number.isNaN(value)

/** Highest first, NaN last, equal ones by their index. */
const ranked = (scores: readonly (number | bigint)[]): readonly number[] =>
  scores
    .map((_, index) => index)
    .sort((a, b) => {
      const [x = 0, y = 0] = [scores[a], scores[b]]
      if (isNaNValue(x) || isNaNValue(y)) return Number(isNaNValue(x)) - Number(isNaNValue(y)) || a - b
      return x === y ? a - b : x > y ? -1 : 1
    })

/**
 * The `count` highest values of each row as BYTES `value:index[:label]`, `[count]` of one dimension, else
 * `[rows, count]`; fewer where a row has fewer. Source: Triton's classification extension.
 */
export const classify = (tensor: Tensor, count: number, labels: readonly string[]): Tensor => {
  const { name, datatype, shape } = tensor
  const [rows, ...inner] = shape.length > 1 ? shape : [1, ...shape]
  const width = elementCount(inner)
  // requireClassifiable has let in typed arrays of numbers only.
  const values = tensor.data as Numbers
  const top = Math.min(count, width)
  const data: string[] = []
  for (let row = 0; row < (rows ?? 0); row++) {
    const scores = Array.from(values.subarray(row * width, (row + 1) * width) as Iterable<number | bigint>)
    for (const index of ranked(scores).slice(0, top)) {
      const label = labels.length === width ? labels[index] : undefined
      data.push([scoreText(scores[index] ?? 0, datatype), index, ...(label === undefined ? [] : [label])].join(':'))
    }
  }
  return { name, datatype: 'BYTES', shape: shape.length > 1 ? [rows ?? 0, top] : [top], data }
}
