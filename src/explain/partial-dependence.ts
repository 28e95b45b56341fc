import type { ColumnCodec } from '../dataset/column-codec.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'
import { type ColumnRange, type Element, elementOf } from './column-range.ts'
import type { AnswerRows } from './permutation-importance.ts'

export type Dependence = {
  readonly column: string
  readonly kind: 'number' | 'date' | 'levels' | 'boolean'
  /** Values that the column was set to: numbers, a date's in seconds since 1970, levels by their text. */
  readonly points: readonly (number | string | boolean)[]
  /** By answered column (a value, or each class) the mean answer at each point. */
  readonly means: readonly (readonly number[])[]
  /** Answers of single rows at each point, of the answered column `of`. */
  readonly rows: readonly (readonly number[])[]
  readonly of: number
}

type Points = Pick<Dependence, 'kind' | 'points'> & { readonly elements: readonly Element[] }

const mostLevels = 12

/** Where a column is set to; undefined for one that is not varied. */
const pointsOf = (range: ColumnRange, column: ColumnCodec): Points | undefined => {
  if (range.kind === 'kept') return undefined
  if (range.kind === 'boolean') return { kind: 'boolean', points: [false, true], elements: [0, 1] }
  if (range.kind === 'levels') {
    const levels = range.levels.slice(0, mostLevels)
    return { kind: 'levels', points: levels, elements: levels }
  }
  return { kind: range.kind, points: range.points, elements: range.points.map((point) => elementOf(column, point)) }
}

const filled = ({ data }: Tensor, element: Element): TensorData => {
  if (!ArrayBuffer.isView(data)) return data.map(() => String(element))
  // A typed array's constructor makes its own kind.
  return new (data.constructor as Float64ArrayConstructor)(data.length).fill(element as number)
}

/**
 * The mean answer over these rows with one column set to each of its points, all else as it is, and single rows' answers.
 * Friedman (2001); Goldstein et al. (2015). Rows are made that may not exist: of columns that move together it tells less.
 */
export const partialDependence = async (
  answer: AnswerRows,
  tensors: readonly Tensor[],
  {
    place,
    range,
    column,
    curves,
    of,
  }: {
    readonly place: number
    readonly range: ColumnRange
    readonly column: ColumnCodec
    /** Single rows, the first ones. */
    readonly curves: number
    readonly of: number
  },
): Promise<Dependence | undefined> => {
  const found = pointsOf(range, column)
  const tensor = tensors[place]
  if (found === undefined || tensor === undefined) return undefined
  const means: number[][] = []
  const rows: number[][] = []
  for (const [point, element] of found.elements.entries()) {
    const answers = await answer(tensors.with(place, { ...tensor, data: filled(tensor, element) }))
    // Of the first point, which tells how many there are of both.
    if (point === 0) for (let k = 0; k < answers.columns; k++) means.push([])
    if (point === 0) for (let row = 0; row < Math.min(curves, answers.rows); row++) rows.push([])
    for (let k = 0; k < answers.columns; k++) {
      let sum = 0
      for (let row = 0; row < answers.rows; row++) sum += answers.values[row * answers.columns + k]!
      means[k]![point] = sum / answers.rows
    }
    for (let row = 0; row < Math.min(curves, answers.rows); row++) {
      rows[row]![point] = answers.values[row * answers.columns + of]!
    }
  }
  return { column: range.name, kind: found.kind, points: found.points, means, rows, of }
}
