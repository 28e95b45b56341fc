import type { FitState } from './estimator.ts'
import type { LbfgsState } from './lbfgs.ts'

/**
 * theta: the coefficients and the intercept, 0 where there is none; float64 in base64. The rest is where a minimiser of
 * a loss stands.
 */
export type LinearState = FitState & {
  readonly theta: string
  readonly descent?: LbfgsState
  readonly interior?: Readonly<Record<'coefficients' | 'above' | 'below' | 'dual', string>>
}
