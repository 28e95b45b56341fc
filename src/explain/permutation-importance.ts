import type { Matrix } from '../estimators/estimator.ts'
import { createRandom, shuffle } from '../random.ts'
import { joinRows } from '../tensor/cut-rows.ts'
import { takeElements } from '../tensor/take-rows.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** Answers of rows: values [n, 1] or probabilities [n, K]. */
export type AnswerRows = (tensors: readonly Tensor[]) => Promise<Matrix>

/** A row order for each repeat. */
export type Orders = (column: number, repeat: number) => Uint32Array

export type ColumnImportance = {
  readonly column: string
  /** Mean rise of the loss over the repeats, and their standard deviation. */
  readonly importance: number
  readonly standardDeviation: number
  /** 95 % interval of the mean over shuffles of these rows; it does not tell what other rows would show. */
  readonly low: number
  readonly high: number
}

export type PermutationImportance = {
  readonly baseLoss: number
  readonly repeats: number
  /** Greatest first. */
  readonly columns: readonly ColumnImportance[]
}

/** 0.975 quantiles of Student's t with 1 to 30 degrees of freedom; 1.96 beyond. */
const studentT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
]
const normal = 1.96

/** Shuffles; the same seed gives the same orders, whichever column is asked for first. */
export const seededOrders =
  (rows: number, seed: number): Orders =>
  (column, repeat) => {
    // Numbers of column and repeat make streams of their own: both are below 2^16.
    const random = createRandom(seed * 2 ** 20 + column * 2 ** 8 + repeat)
    return shuffle(
      Uint32Array.from({ length: rows }, (_, row) => row),
      random,
    )
  }

/**
 * How much the loss rises when a column's values are shuffled among the rows, which breaks what it tells and keeps its
 * distribution; mean of `repeats` shuffles a column. Breiman (2001); as sklearn.inspection.permutation_importance. Columns
 * that say the same share their importance, and each may look as if it had none.
 */
export const permutationImportance = async (
  answer: AnswerRows,
  tensors: readonly Tensor[],
  lossOf: (answers: Matrix) => number,
  { repeats, orders }: { readonly repeats: number; readonly orders: Orders },
): Promise<PermutationImportance> => {
  const baseLoss = lossOf(await answer(tensors))
  const columns: ColumnImportance[] = []
  // All repeats of a column are asked for at once: a run of few rows takes as long as handing over its columns does.
  const copies = joinRows(Array.from({ length: repeats }, () => tensors))
  for (const [place, tensor] of tensors.entries()) {
    const shuffled = Array.from({ length: repeats }, (_, repeat) => [
      { ...tensor, data: takeElements(tensor.data, orders(place, repeat)) },
    ])
    const answers = await answer(copies.with(place, joinRows(shuffled)[0]!)) // one of each repeat
    const rises = partsOf(answers, repeats).map((part) => lossOf(part) - baseLoss)
    columns.push({ column: tensor.name, ...summary(rises) })
  }
  return { baseLoss, repeats, columns: columns.toSorted((a, b) => b.importance - a.importance) }
}

/** As many parts of equally many rows. */
const partsOf = ({ rows, columns, values }: Matrix, parts: number): readonly Matrix[] => {
  const each = rows / parts
  return Array.from({ length: parts }, (_, part) => ({
    rows: each,
    columns,
    values: values.subarray(part * each * columns, (part + 1) * each * columns),
  }))
}

const summary = (rises: readonly number[]): Omit<ColumnImportance, 'column'> => {
  const importance = rises.reduce((sum, rise) => sum + rise, 0) / rises.length
  const squares = rises.reduce((sum, rise) => sum + (rise - importance) ** 2, 0)
  // Of the repeats themselves, as scikit-learn's std; the interval takes the estimate of n - 1.
  const standardDeviation = Math.sqrt(squares / rises.length)
  const freedom = rises.length - 1
  const t = studentT[freedom - 1] ?? normal
  const half = freedom > 0 ? (t * Math.sqrt(squares / freedom)) / Math.sqrt(rises.length) : 0
  return { importance, standardDeviation, low: importance - half, high: importance + half }
}
