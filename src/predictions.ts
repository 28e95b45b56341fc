import type { Label, Manifest } from './manifest.ts'
import type { Tensor } from './tensor/tensor.ts'

/** A number for regression (null when not finite), else the label in the target's own JSON type and all probabilities by its text. */
export type Prediction =
  | number
  | null
  | { readonly label: Label; readonly probabilities: Readonly<Record<string, number | null>> }

/** Output tensors of one inference -> one prediction per row. Throws INTERNAL when the graph lacks the manifest's outputs. */
export declare const toPredictions: (manifest: Manifest, outputs: readonly Tensor[]) => readonly Prediction[]
