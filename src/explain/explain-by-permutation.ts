import { PercallError } from '../errors.ts'
import type { Matrix } from '../estimators/estimator.ts'
import { answeredMatrix, labelsOf } from './answered.ts'
import type { Asked } from './asked.ts'
import { cellOf } from './columns.ts'
import type { ExplainPorts, Explanation, RowExplanation } from './explanation.ts'
import { maskedRows } from './masked-rows.ts'
import { leastMasks, type PermutationPlan, planPermutation } from './permutation.ts'

/** Of one explained row: with 50 background rows ten permutations and their reverses of 20 columns, or all of 8. */
const defaultBudget = 20_000
/** Rows of several explained rows that are run at once. */
const rowsAtOnce = 50_000
/** Of masked rows, which are held at once. */
const mostValues = 32_000_000

/**
 * Explains rows by asking their model, in the space of its answers: an absent raw column has a background row's value.
 * The masks are the same for each row.
 */
export const explainByPermutation =
  ({ runRows }: ExplainPorts) =>
  async (asked: Asked): Promise<Explanation> => {
    const { request, inputs, columns, background, answered, answers } = asked
    const { held, budget } = requireRoom(columns.length, background.rows, request.budget)
    const { masks, read } = planPermutation(columns.length, budget / background.rows, request.seed ?? 0)
    const run = async (tensors: typeof inputs, rows: number): Promise<Matrix> =>
      answeredMatrix(answered, rows, await runRows(tensors, [answered.name]))
    const empty = requireFinite(means(await run(background.tensors, background.rows), background.weights))
    const each = masks.length * background.rows
    const atOnce = each === 0 ? answers.rows : Math.max(1, Math.floor(Math.min(rowsAtOnce, held) / each))
    const rows: RowExplanation[] = []
    for (let first = 0; first < answers.rows; first += atOnce) {
      const group = Array.from({ length: Math.min(atOnce, answers.rows - first) }, (_, at) => first + at)
      const masked = maskedRows(columns, inputs, group, background.tensors, masks)
      // One column has no masks but the empty and the full one.
      const worth = each === 0 ? new Float64Array() : means(await run(masked, group.length * each), background.weights)
      const size = masks.length * answers.columns
      requireFiniteMasks(worth, size, first)
      for (const [at, row] of group.entries())
        rows.push(explanationOf(asked, row, empty, worth.subarray(at * size, (at + 1) * size), read))
    }
    return {
      ...{ method: 'permutation', output: answered.space, columns: 'column', rows },
      background: { kind: background.kind, rows: background.rows },
      modelRows: answers.rows * (1 + each) + background.rows,
    }
  }

/** Model rows that a row may take, of those that are held at once. Throws BUDGET_TOO_SMALL where it has no room for one order of the columns and its reverse. */
export const requireRoom = (columns: number, background: number, asked = defaultBudget) => {
  const held = Math.floor(mostValues / columns)
  const budget = Math.min(asked, held)
  const least = leastMasks(columns) * background
  if (budget < least)
    throw new PercallError(
      'BUDGET_TOO_SMALL',
      `budget: expected at least ${least} model rows for each explained row (2 x ${columns} columns x ${background} background rows), got ${budget}; ${remedyOf(columns, background, held)}`,
    )
  return { held, budget }
}

/** What makes room: of a wide model no budget may. */
const remedyOf = (columns: number, background: number, held: number): string => {
  const least = leastMasks(columns)
  if (least * background <= held) return 'raise the budget, or send fewer background rows'
  const fitting = Math.floor(held / least)
  return fitting === 0
    ? `rows of so many columns cannot be explained by permutation: at most ${held} are run for each`
    : `send at most ${fitting} background rows: at most ${held} rows of so many columns are run for each`
}

/** Means of the background's rows, which repeat: [masks x background rows, n] -> [masks, n]. */
const means = ({ rows, columns, values }: Matrix, weights: Float64Array): Float64Array => {
  const masks = rows / weights.length
  const sums = new Float64Array(masks * columns)
  for (let mask = 0; mask < masks; mask++)
    for (let other = 0; other < weights.length; other++)
      for (let k = 0; k < columns; k++)
        sums[mask * columns + k]! += weights[other]! * values[(mask * weights.length + other) * columns + k]!
  return sums
}

const requireFinite = (empty: Float64Array): Float64Array => {
  const bad = empty.find((value) => !Number.isFinite(value))
  if (bad === undefined) return empty
  throw new PercallError(
    'BAD_BACKGROUND',
    `background: expected finite answers for it, got ${bad}; send background rows that the model takes`,
  )
}

/** `size` values of each row, the first of which is number `first`. */
const requireFiniteMasks = (worth: Float64Array, size: number, first: number): void => {
  const at = worth.findIndex((value) => !Number.isFinite(value))
  if (at === -1) return
  throw new PercallError(
    'BAD_BACKGROUND',
    `background: expected finite answers for it with values of row ${first + Math.floor(at / size)}, got ${worth[at]}; send background rows that are like the explained ones`,
  )
}

const explanationOf = (
  { inputs, columns, answers, answered, classes }: Asked,
  row: number,
  empty: Float64Array,
  worth: Float64Array,
  read: PermutationPlan['read'],
): RowExplanation => {
  const k = classes[row]!
  const n = answers.columns
  const answer = answers.values[row * n + k]!
  const own = Float64Array.from({ length: worth.length / n }, (_, mask) => worth[mask * n + k]!)
  const { values, standardErrors } = read(own, empty[k]!, answer)
  const label = labelsOf(answered.classes, n)?.[k]
  return {
    ...(label !== undefined && { class: label }),
    baseValue: empty[k]!,
    ...{ prediction: answer, answer },
    contributions: columns.map((column, at) => ({
      name: column.name,
      value: cellOf(column, inputs, row),
      contribution: values[at]!,
      ...(standardErrors !== undefined && { standardError: standardErrors?.[at] ?? null }),
    })),
    additivityError: Math.abs(values.reduce((sum, value) => sum + value, empty[k]!) - answer),
  }
}
