import type { Cell } from '../dataset/codec.ts'
import type { ColumnProfile } from '../dataset/profile.ts'
import type { Label } from '../manifest.ts'
import type { Task } from './run.ts'

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

/** Task and classes by training.md's rules; `given` wins. Throws BAD_RUN (task does not fit), BAD_TABLE (two labels with one text, one class). */
export declare const planTarget: (
  target: ColumnProfile,
  cells: readonly Cell[],
  given?: { readonly task?: Task; readonly positive?: Label },
) => TargetPlan

/** Target cells -> y. Rows without a target are dropped and counted. Throws BAD_CELL for an unknown label or a text in a number column. */
export declare const encodeTarget: (target: ColumnProfile, plan: TargetPlan, cells: readonly Cell[]) => EncodedTarget
