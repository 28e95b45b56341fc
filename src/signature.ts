import type { Datatype } from './tensor/tensor.ts'

/** One input or output of a model. A size of -1 is variable. `kind` other than tensor cannot be expressed by the protocol. */
export type TensorSpec = {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly kind?: 'sequence' | 'map' | 'optional'
  /** The file declares no shape: any shape fits, and `shape` is [-1]. */
  readonly unknownRank?: true
}

export type Signature = { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] }
