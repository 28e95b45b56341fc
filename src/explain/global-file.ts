import type { Calibration } from '../metrics/calibration-bins.ts'
import type { ColumnRange } from './column-range.ts'
import type { Explanation } from './explanation.ts'
import type { Dependence } from './partial-dependence.ts'
import type { PermutationImportance } from './permutation-importance.ts'
import type { Surrogate } from './surrogate.ts'

/** Mean of |contribution| over the background, and its standard error over those rows. */
export type ShapImportance = Pick<Explanation, 'method' | 'output' | 'background' | 'columns'> & {
  readonly rows: number
  /** Greatest first. */
  readonly importance: readonly { readonly column: string; readonly mean: number; readonly standardError: number }[]
}

/** explanations.json: what a version says of itself as a whole. */
export type GlobalExplanations = {
  readonly schema: 1
  /** Rows that importance, dependence and fidelity are of. */
  readonly on: 'test' | 'training'
  readonly rows: number
  readonly target: string
  /** Of classes, in the order of the answers. */
  readonly classes?: readonly string[]
  readonly permutation: PermutationImportance & { readonly loss: 'logLoss' | 'rmse' }
  readonly shap?: ShapImportance
  /** Of the columns of most permutation importance. */
  readonly dependence: readonly Dependence[]
  readonly surrogate?: Surrogate
  /** Of classes: said and come of the rows that the version was evaluated on. */
  readonly calibration?: Calibration
  /** What the columns had among the train rows. */
  readonly ranges: readonly ColumnRange[]
  /** What is not here, and why. */
  readonly leftOut: readonly string[]
}

/** What explainGlobally wrote. */
export const parseGlobal = (bytes: Uint8Array): GlobalExplanations =>
  JSON.parse(new TextDecoder().decode(bytes)) as GlobalExplanations
