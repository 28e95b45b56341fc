/** What a model says of its answers, row by row and as a whole. */

export type CellBody = string | number | boolean | null

export type ContributionBody = {
  readonly name: string
  readonly value: CellBody
  readonly contribution: number
  /** Of what was drawn; null where one pair of orders was, which tells no error. Exact values have none. */
  readonly standardError?: number | null
  /** Encoded features that it is the sum of, such as words of a text, strongest first. */
  readonly parts?: readonly { readonly feature: string; readonly contribution: number }[]
}

/** The least change that was found to get a row another class, or why there is none. */
export type CounterfactualBody =
  | {
      readonly found: true
      readonly class: string
      readonly probability: number
      readonly changes: readonly { readonly column: string; readonly from: CellBody; readonly to: CellBody }[]
      readonly distance: number
      readonly modelRows: number
    }
  | { readonly found: false; readonly reason: string; readonly modelRows: number }

/** baseValue + the sum of contributions = prediction, but for additivityError. */
export type ExplanationBody = {
  readonly class?: string | number | boolean
  readonly baseValue: number
  readonly prediction: number
  /** What the model answers: its value, or the probability of `class`. */
  readonly answer: number
  readonly contributions: readonly ContributionBody[]
  readonly additivityError: number
  readonly interactions?: readonly (readonly number[])[]
  readonly calibration?: {
    readonly kind: string
    readonly output: string
    readonly before: number
    readonly after: number
  }
  readonly sentence: string
  /** What the answer would lose without a word of a text, strongest first; where `parts` does not tell it. */
  readonly words?: readonly { readonly column: string; readonly word: string; readonly effect: number }[]
  readonly counterfactual?: CounterfactualBody
}

export type ExplanationsBody = {
  readonly method: 'tree-path-dependent' | 'tree-interventional' | 'linear' | 'permutation'
  readonly output: 'value' | 'margin' | 'probability'
  readonly background: { readonly kind: string; readonly rows: number }
  readonly columns: 'column' | 'sum'
  readonly modelRows: number
  readonly language: 'en' | 'zh'
  readonly explanations: readonly ExplanationBody[]
}

export type ConditionBody = { readonly feature: string; readonly missing: boolean } & (
  | { readonly test: 'at most' | 'above'; readonly value: number }
  | { readonly test: 'one of' | 'none of'; readonly levels: readonly string[] }
  | { readonly test: 'is there' | 'is missing' }
)

/** What a version says of itself as a whole; docs/explain.md tells what each figure means. */
export type GlobalExplanationsBody = {
  readonly on: 'test' | 'training'
  readonly rows: number
  readonly target: string
  readonly classes?: readonly string[]
  readonly permutation: {
    readonly loss: 'logLoss' | 'rmse'
    readonly baseLoss: number
    readonly repeats: number
    readonly columns: readonly {
      readonly column: string
      readonly importance: number
      readonly standardDeviation: number
      readonly low: number
      readonly high: number
    }[]
  }
  readonly shap?: {
    readonly method: string
    readonly output: string
    readonly rows: number
    readonly importance: readonly { readonly column: string; readonly mean: number; readonly standardError: number }[]
  }
  readonly dependence: readonly {
    readonly column: string
    readonly kind: 'number' | 'date' | 'levels' | 'boolean'
    readonly points: readonly (number | string | boolean)[]
    readonly means: readonly (readonly number[])[]
    readonly rows: readonly (readonly number[])[]
    readonly of: number
  }[]
  readonly surrogate?: {
    readonly lists: readonly {
      readonly of?: string
      readonly rules: readonly {
        readonly conditions: readonly ConditionBody[]
        readonly answer: number
        readonly rows: number
      }[]
    }[]
    readonly leaves: number
    readonly fidelity: {
      readonly r2: number
      readonly agreement?: number
      readonly constantAgreement?: number
      readonly rows: number
    }
  }
  readonly calibration?: {
    readonly bins: readonly { readonly said: number; readonly came: number; readonly weight: number }[]
    readonly expectedError: number
  }
  readonly leftOut: readonly string[]
  /** Names of plots: `GET .../explanations/{name}.svg`. */
  readonly plots: readonly string[]
}
