import { PercallError } from '../errors.ts'
import type { Signature, TensorSpec } from '../registry/signature.ts'
import { dataFromBytes, elementBytes, textFromBytes } from './binary-data.ts'
import type { InferRequest } from './infer-request.ts'
import { selectOutputs } from './json-request.ts'
import { elementCount, type Tensor } from './tensor.ts'

const notRaw = (expected: string, got: string): PercallError =>
  new PercallError('BAD_REQUEST', `raw request: expected ${expected}, got ${got}`)

/** One text, without a length before it: every size must be 1 or variable. */
const textTensor = ({ name, datatype, shape }: TensorSpec, body: Uint8Array): Tensor => {
  if (!shape.every((size) => size === 1 || size === -1))
    throw notRaw('an input of one BYTES element', `[${shape.join(',')}]`)
  return { name, datatype, shape: shape.map(() => 1), data: [textFromBytes(name, 0, body)] }
}

const tensorOf = (spec: TensorSpec, body: Uint8Array): Tensor => {
  const { name, datatype, shape } = spec
  if (datatype === 'BYTES') return textTensor(spec, body)
  const known = shape.filter((size) => size !== -1)
  if (known.length < shape.length - 1) throw notRaw('an input with at most one variable size', `[${shape.join(',')}]`)
  const sliceBytes = elementCount(known) * elementBytes(datatype)
  const variable = sliceBytes === 0 ? 0 : body.length / sliceBytes
  if (known.length < shape.length && !Number.isInteger(variable))
    throw new PercallError(
      'SHAPE_MISMATCH',
      `input ${name}: [${shape.join(',')}] of ${datatype}: expected a multiple of ${sliceBytes} bytes, got ${body.length}`,
    )
  const sizes = shape.map((size) => (size === -1 ? variable : size))
  return { name, datatype, shape: sizes, data: dataFromBytes(name, datatype, sizes, body) }
}

/**
 * A body that is the data of the model's one input, without JSON; its one variable size follows from the body's.
 * All outputs are answered in binary. BYTES are one text, without a length before it.
 * Throws BAD_REQUEST, SHAPE_MISMATCH, BAD_VALUE, OUTPUT_NOT_EXPRESSIBLE. Source: Triton's binary tensor data extension.
 */
export const decodeRawRequest = (body: Uint8Array, signature: Signature): InferRequest => {
  const [spec, ...others] = signature.inputs
  if (!spec || others.length > 0) throw notRaw('a model with one input', String(signature.inputs.length))
  if (spec.kind === 'sequence' || spec.kind === 'map') throw notRaw('a tensor as the one input', `a ${spec.kind}`)
  const outputs = selectOutputs([], signature).map((name) => ({ name, binary: true }))
  return { inputs: [tensorOf(spec, body)], outputs }
}
