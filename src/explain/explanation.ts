import type { Cell } from '../dataset/column-codec.ts'
import type { Label, TabularManifest } from '../registry/manifest.ts'
import type { Signature } from '../registry/signature.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Explainer } from './explainer-file.ts'
import type { GraphTrees } from './graph-trees.ts'

/** How contributions are computed. All but permutation are exact, and take the model apart; permutation asks it. */
export type Method = 'tree-path-dependent' | 'tree-interventional' | 'linear' | 'permutation'

/** The space in which an explanation adds up: answered values, margins before the link, or probabilities. */
export type OutputSpace = 'value' | 'margin' | 'probability'

/**
 * What absent columns are taken from. `version`: the sample of train rows that was stored with it; `request`: rows that
 * came with the question; `missing`, `zeros`: one row without values, for a model that has neither; `cover`: none, the
 * trees' own counts of train rows (path-dependent).
 */
export type BackgroundKind = 'version' | 'request' | 'missing' | 'zeros' | 'cover'

/** A part of a raw column's contribution: one encoded feature, such as a word of a text. */
export type FeatureContribution = { readonly feature: string; readonly contribution: number }

export type Contribution = {
  /** Of the raw column, or `input[3]` of a model without a manifest. */
  readonly name: string
  /** What the row has there; null is missing. */
  readonly value: Cell
  readonly contribution: number
  /** Of permutations that were drawn; null where one pair of them was, which tells no error. Exact values have none. */
  readonly standardError?: number | null
  /** The encoded features that it is the sum of, strongest first, at most 20; absent where there is one or none is known. */
  readonly parts?: readonly FeatureContribution[]
}

/** What follows the explained model before its answer. Not added to contributions, which end at `before`. */
export type CalibrationStep = {
  /** clip: shares of a forest that are kept off 0 and 1. */
  readonly kind: 'temperature' | 'platt' | 'isotonic' | 'clip'
  readonly output: OutputSpace
  readonly before: number
  readonly after: number
}

/** baseValue + the sum of the contributions = prediction, but for additivityError. */
export type RowExplanation = {
  /** The class that is explained; absent for a regression and for a model whose classes are not known. */
  readonly class?: Label
  readonly baseValue: number
  /** In the explanation's `output`, before calibration. */
  readonly prediction: number
  /** What the model answers for this row: its value, or the probability of `class`. */
  readonly answer: number
  /** One for each column, in the model's order. */
  readonly contributions: readonly Contribution[]
  /** |baseValue + sum of contributions - prediction| */
  readonly additivityError: number
  /**
   * Of each pair of columns, in the order of `contributions`; symmetric: the two halves of a pair together are its
   * interaction. A row's sum is the column's contribution, its diagonal what the column does alone.
   */
  readonly interactions?: readonly (readonly number[])[]
  readonly calibration?: CalibrationStep
}

export type Explanation = {
  readonly method: Method
  readonly output: OutputSpace
  readonly background: { readonly kind: BackgroundKind; readonly rows: number }
  /**
   * column: each raw column is one player of Shapley's game. sum: its value is the sum over its encoded features, which is
   * not the same (path-dependent trees).
   */
  readonly columns: 'column' | 'sum'
  readonly rows: readonly RowExplanation[]
  /** Model rows that were run, the explained ones among them. */
  readonly modelRows: number
}

/** A version as explaining needs it. */
export type ExplainedModel = {
  readonly signature: Signature
  /** Absent for a raw graph. */
  readonly manifest?: TabularManifest
  /** Absent for a version that no run of this release made. */
  readonly explainer?: Explainer
  /** Trees that the graph's inputs go straight to; absent where there are none. */
  readonly trees?: GraphTrees
}

export type ExplainRequest = {
  /** One tensor for each input of the signature: the rows to explain. */
  readonly inputs: readonly Tensor[]
  /** By default what fits the model: interventional trees, linear, else permutation. */
  readonly method?: Method
  /** By default the positive class of two, of more the one that the model answers. */
  readonly class?: Label
  /** Rows instead of the version's background: one tensor for each input. */
  readonly background?: readonly Tensor[]
  /** Of trees and linear models. */
  readonly interactions?: boolean
  /** Model rows that one explained row may take by permutation. */
  readonly budget?: number
  readonly seed?: number
}

/** Runs the served graph on many rows: one tensor for each input -> the named outputs. Cuts to the model's limits itself. */
export type RunRows = (inputs: readonly Tensor[], outputs: readonly string[]) => Promise<readonly Tensor[]>

export type ExplainPorts = { readonly runRows: RunRows }

/**
 * The one entry, `explainRows` of explain-rows.ts. Throws BAD_REQUEST for a method that the model does not have, a class
 * that it does not know, a background that does not fit, and more columns than the budget allows.
 */
export type ExplainRows = (
  ports: ExplainPorts,
) => (model: ExplainedModel, request: ExplainRequest) => Promise<Explanation>
