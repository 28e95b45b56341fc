import type { Algorithm } from '../../task.ts'
import type { ScalingMethod } from '../../transformers/scale-numbers.ts'

/** `hyper` has all defaults filled in; `scaling` is that of numbers where it is not the usual one. */
export type Trial = {
  readonly id: string
  readonly algorithm: Algorithm
  readonly hyper: unknown
  readonly scaling?: ScalingMethod
}
