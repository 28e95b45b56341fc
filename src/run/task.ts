import { type Cell, encodeColumn } from '../dataset/codec.ts'
import { type Column, columnLength } from '../dataset/column.ts'
import { labelCodec, labelOf } from '../dataset/label.ts'
import type { ColumnProfile } from '../dataset/profile.ts'
import { PercallError } from '../errors.ts'
import type { Label } from '../registry/manifest.ts'
import type { Task } from '../task.ts'

/** `classes` in the order of the probabilities; null for regression. */
export type TargetPlan = {
  readonly task: Task
  readonly classes: readonly Label[] | null
  /** The class whose probability the threshold and ROC AUC look at; binary only. */
  readonly positive?: Label
  readonly notices: readonly string[]
}

/** Rows with a target: their numbers in the table, and y as values or class numbers. */
export type EncodedTarget = { readonly rows: Uint32Array; readonly y: Float64Array; readonly dropped: number }

/** Whole numbers with more distinct values are a quantity. */
const mostIntegerClasses = 20
/** Whole numbers that hardly repeat are a quantity too: most classes would have one row, on one side of each split. */
const leastRowsPerIntegerClass = 2

/**
 * Task and classes: text, true/false or 2 distinct values -> classes; whole numbers with at most 20 distinct values ->
 * multiclass, unless they come less than twice on average among `rows`, with a notice; else regression. `given` wins. Throws BAD_RUN (task or positive class does not fit),
 * BAD_TABLE (two labels with one text, fewer than two classes).
 */
export const planTarget = (
  target: ColumnProfile,
  cells: readonly Cell[],
  given: { readonly task?: Task; readonly positive?: Label; readonly rows?: number } = {},
): TargetPlan => {
  const labels = distinctLabels(target, cells)
  if (labels.length < 2) {
    throw new PercallError(
      'BAD_TABLE',
      `target ${target.name}: expected at least 2 distinct values, got ${labels.length}; add rows with another one, or name another target`,
    )
  }
  const task = given.task ?? inferTask(target, labels.length, given.rows)
  const notices = given.task === undefined ? wholeNumberNotices(target, labels.length, task) : []
  if (task === 'regression') {
    if (target.codec?.kind === 'numeric' || target.codec?.kind === 'integer') return { task, classes: null, notices }
    throw new PercallError(
      'BAD_RUN',
      `task regression, target ${target.name}: expected numbers, got ${target.codec?.kind}; name a target of numbers, or leave the task out`,
    )
  }
  if ((task === 'binary') !== (labels.length === 2)) {
    throw new PercallError(
      'BAD_RUN',
      `task ${task}, target ${target.name}: expected ${task === 'binary' ? 2 : 'more than 2'} classes, got ${labels.length}; name another task, or leave it out`,
    )
  }
  return {
    task,
    classes: labels,
    ...(task === 'binary' && { positive: positiveOf(target, labels, given.positive) }),
    notices,
  }
}

/** Target cells -> y. Rows without a target are dropped and counted. Throws BAD_CELL for an unknown label or a text in a number column. */
export const encodeTarget = (target: ColumnProfile, plan: TargetPlan, cells: Column): EncodedTarget => {
  const numbers = new Map(plan.classes?.map((label, k) => [label, k]))
  const rows: number[] = []
  const y: number[] = []
  readLabels(target, cells).forEach((label, row) => {
    if (label === undefined) return
    const value = plan.classes === null ? Number(label) : numbers.get(label)
    if (value === undefined) {
      throw new PercallError(
        'BAD_CELL',
        `row ${row}, target ${target.name}: expected one of ${[...numbers.keys()].join(', ')}, got ${label}`,
      )
    }
    rows.push(row)
    y.push(value)
  })
  return { rows: Uint32Array.from(rows), y: Float64Array.from(y), dropped: columnLength(cells) - rows.length }
}

const inferTask = (target: ColumnProfile, distinct: number, rows = Number.POSITIVE_INFINITY): Task => {
  if (distinct === 2) return 'binary'
  const kind = target.codec?.kind
  if (kind === 'category' || kind === 'ordinal' || kind === 'boolean') return 'multiclass'
  const areClasses = distinct <= mostIntegerClasses && rows >= leastRowsPerIntegerClass * distinct
  return kind === 'integer' && areClasses ? 'multiclass' : 'regression'
}

/** What may surprise: few whole numbers could be either. */
const wholeNumberNotices = ({ name, codec }: ColumnProfile, distinct: number, task: Task): readonly string[] => {
  if (codec?.kind !== 'integer' || distinct > mostIntegerClasses) return []
  const [taken, other] =
    task === 'regression' ? ['a quantity, for they hardly repeat', 'multiclass'] : ['classes', 'regression']
  return [
    `target ${name}: ${distinct} distinct whole numbers are taken as ${taken}; name the task to change that (--task ${other})`,
  ]
}

/** Each cell in the target's own JSON type; undefined where it is missing. */
const readLabels = ({ codec }: ColumnProfile, cells: Column): readonly (Label | undefined)[] =>
  codec === undefined
    ? new Array<undefined>(columnLength(cells)).fill(undefined)
    : Array.from<number | bigint | string, Label | undefined>(encodeColumn(labelCodec(codec), cells), labelOf(codec))

/** Sorted: numbers by value, false before true, text by code unit. */
const distinctLabels = (target: ColumnProfile, cells: readonly Cell[]): readonly Label[] => {
  checkOneTypePerText(target, cells)
  const labels = [...new Set(readLabels(target, cells))].filter((label) => label !== undefined)
  return labels.sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1))
}

/** JSON can hold 1 and "1": two labels with one text could not be told apart in an answer. */
const checkOneTypePerText = (target: ColumnProfile, cells: readonly Cell[]): void => {
  const types = new Map<string, string>()
  for (const cell of cells) {
    if (cell === null || cell === undefined) continue
    const text = String(cell)
    const seen = types.get(text)
    if (seen !== undefined && seen !== typeof cell) {
      throw new PercallError(
        'BAD_TABLE',
        `target ${target.name}: expected one type for each label, got ${text} as ${seen} and as ${typeof cell}`,
      )
    }
    types.set(text, typeof cell)
  }
}

/** By default the last: 1 of 0 and 1, true of false and true. */
const positiveOf = (target: ColumnProfile, labels: readonly Label[], given: Label | undefined): Label => {
  if (given === undefined) return labels.at(-1)!
  const found = labels.find((label) => String(label) === String(given))
  if (found !== undefined) return found
  throw new PercallError(
    'BAD_RUN',
    `positive, target ${target.name}: expected one of ${labels.join(', ')}, got ${given}`,
  )
}
