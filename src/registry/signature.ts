import { PercallError } from '../errors.ts'
import type { Datatype } from '../tensor/tensor.ts'

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

// An item of the registry holds 400 KB, and takes up to 1.75 bytes for one of JSON (numbers of a shape, depth):
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
const mostBytes = 200_000

/** The signature when the registry can keep it. Throws UNSUPPORTED_ONNX. */
export const requireStorable = (signature: Signature): Signature => {
  const { length } = new TextEncoder().encode(JSON.stringify(signature))
  if (length <= mostBytes) return signature
  const { inputs, outputs } = signature
  throw new PercallError(
    'UNSUPPORTED_ONNX',
    `model: expected at most ${mostBytes} bytes of signature, got ${length} for ${inputs.length} inputs and ${outputs.length} outputs`,
  )
}
