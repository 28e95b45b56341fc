import { isTabular, type Manifest } from '../registry/manifest.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** Tokens of a call by tensors: the places of the ids input, padding included. Undefined where a model has no tokens. */
export const rawTokens = (manifest: Manifest | undefined, inputs: readonly Tensor[]): number | undefined => {
  if (!manifest || isTabular(manifest)) return undefined
  return inputs.find(({ name }) => name === manifest.inputs.ids)?.data.length ?? 0
}
