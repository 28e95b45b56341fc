import { PercallError } from '../errors.ts'
import type { Signature, TensorSpec } from '../registry/signature.ts'
import { dataFromBytes } from './binary-data.ts'
import { requireClassifiable } from './classification.ts'
import { dataFromJson } from './datatypes.ts'
import { type Parts, partsOf } from './frame.ts'
import { type InferBody, type InputBody, namesOf, parseInferBody, selectOutputs } from './json-request.ts'
import { elementCount, type Tensor, type TensorData } from './tensor.ts'

/** An output as the caller wants it written. */
export type WantedOutput = {
  readonly name: string
  readonly binary: boolean
  /** So many classes `value:index[:label]` instead of the tensor. */
  readonly classes?: number
}

export type InferRequest = {
  readonly id?: string
  readonly inputs: readonly Tensor[]
  /** In the caller's order; all outputs when the caller names none. */
  readonly outputs: readonly WantedOutput[]
}

const fits = (declared: readonly number[], shape: readonly number[]): boolean =>
  declared.length === shape.length && declared.every((expected, i) => expected === -1 || expected === shape[i])

// Elements that a shape with a zero in it may name beside the zero. Such a tensor has no bytes, so that the body's size
// bounds nothing, and a sum over the zero is an output of all of them: 4 Mi of FP32 are 16 MB.
const mostBesideZero = 2 ** 22

const requireBounded = (name: string, shape: readonly number[]): void => {
  if (!shape.includes(0)) return
  const others = shape.filter((size) => size !== 0)
  if (elementCount(others) <= mostBesideZero) return
  throw new PercallError(
    'SHAPE_MISMATCH',
    `input ${name}: expected at most ${mostBesideZero} elements beside the sizes of 0, got [${shape.join(',')}]`,
  )
}

const dataOf = ({ name, shape, data, parameters }: InputBody, { datatype }: TensorSpec, parts: Parts): TensorData => {
  const sizeBytes = parameters?.binary_data_size
  if ((data === undefined) === (sizeBytes === undefined))
    throw new PercallError(
      'BAD_REQUEST',
      `input ${name}: expected either data or parameters.binary_data_size, got ${data ? 'both' : 'neither'}`,
    )
  if (data !== undefined) return dataFromJson(name, datatype, shape, data)
  return dataFromBytes(name, datatype, shape, parts.take(`input ${name}`, sizeBytes ?? 0))
}

const tensorOf = (body: InputBody, { inputs }: Signature, parts: Parts): Tensor => {
  const { name, shape } = body
  const spec = inputs.find((input) => input.name === name)
  if (!spec) throw new PercallError('UNKNOWN_INPUT', `input ${name}: expected one of [${namesOf(inputs)}], got ${name}`)
  const { datatype } = spec
  if (spec.kind === 'sequence' || spec.kind === 'map')
    throw new PercallError('BAD_DATATYPE', `input ${name}: expected a ${spec.kind}, which no tensor can give`)
  if (body.datatype !== datatype)
    throw new PercallError('BAD_DATATYPE', `input ${name}: expected ${datatype}, got ${body.datatype}`)
  if (!spec.unknownRank && !fits(spec.shape, shape))
    throw new PercallError(
      'SHAPE_MISMATCH',
      `input ${name}: expected [${spec.shape.join(',')}], got [${shape.join(',')}]`,
    )
  requireBounded(name, shape)
  return { name, datatype, shape, data: dataOf(body, spec, parts) }
}

const requireComplete = (inputs: readonly Tensor[], signature: Signature): void => {
  // One that is there is all there is: it was found by its name.
  if (inputs.length === 1 && signature.inputs.length === 1) return
  const names = new Set(inputs.map(({ name }) => name))
  if (names.size < inputs.length)
    throw new PercallError('BAD_REQUEST', `inputs: expected each name once, got [${inputs.map(({ name }) => name)}]`)
  const missing = signature.inputs.find(({ name, kind }) => kind !== 'optional' && !names.has(name))
  if (missing)
    throw new PercallError('MISSING_INPUT', `input ${missing.name}: expected ${missing.datatype}, got no such input`)
}

const requireWritable = ({ name, binary, classes }: WantedOutput, { outputs }: Signature): void => {
  const datatype = outputs.find((output) => output.name === name)?.datatype ?? 'FP32'
  if (classes !== undefined) requireClassifiable(name, datatype)
  else if (!binary && (datatype === 'FP16' || datatype === 'BF16'))
    throw new PercallError(
      'BAD_DATATYPE',
      `output ${name}: expected parameters.binary_data true for ${datatype}, which JSON cannot carry`,
    )
}

const wantedOutputs = ({ outputs = [], parameters }: InferBody, signature: Signature): readonly WantedOutput[] => {
  const asked = outputs.length > 0 ? new Map(outputs.map((output) => [output.name, output.parameters])) : undefined
  const names = outputs.map(({ name }) => name)
  return selectOutputs(names, signature).map((name) => {
    const { binary_data: own, classification: classes } = asked?.get(name) ?? {}
    const binary = own ?? parameters?.binary_data_output ?? false
    const wanted = { name, binary, ...(classes !== undefined && { classes }) }
    requireWritable(wanted, signature)
    return wanted
  })
}

/**
 * An Open Inference V2 request to typed tensors that fit `signature`: its JSON, and the binary data behind it.
 * INT64 and UINT64 are exact.
 * Throws BAD_JSON, BAD_REQUEST, UNKNOWN_INPUT, MISSING_INPUT, BAD_DATATYPE, SHAPE_MISMATCH, BAD_VALUE, UNKNOWN_OUTPUT,
 * OUTPUT_NOT_EXPRESSIBLE.
 */
export const decodeInferRequest = (
  text: string,
  signature: Signature,
  binary: Uint8Array = new Uint8Array(0),
): InferRequest => {
  const body = parseInferBody(text)
  const parts = partsOf(binary)
  const inputs = body.inputs.map((input) => tensorOf(input, signature, parts))
  parts.end()
  requireComplete(inputs, signature)
  const outputs = wantedOutputs(body, signature)
  return { ...(body.id !== undefined && { id: body.id }), inputs, outputs }
}
