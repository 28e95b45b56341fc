/** What one row costs as a function of its margin m, the model's answer before the link. */
export type Loss = {
  /** From margin to answer: the value, its logarithm, or the log odds of class 1. */
  readonly link: 'identity' | 'log' | 'logit'
  readonly value: (m: number, y: number) => number
  /** d value / dm; a subgradient at a kink. */
  readonly gradient: (m: number, y: number) => number
  /** d2 value / dm2, 0 where the loss is straight. */
  readonly hessian: (m: number, y: number) => number
  /** The one margin for all rows with the least weighted sum. Weights are all 1 when absent. */
  readonly constant: (y: Float64Array, weights?: Float64Array) => number
  /** Targets that it cannot take: what was expected instead. */
  readonly expected?: { readonly text: string; readonly holds: (y: number) => boolean }
}
