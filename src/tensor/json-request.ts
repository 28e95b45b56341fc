import * as z from 'zod'
import { checkBody, parseJson } from '../body.ts'
import { PercallError } from '../errors.ts'
import type { Signature, TensorSpec } from '../signature.ts'
import { dataFromJson } from './datatypes.ts'
import type { Tensor } from './tensor.ts'

export type InferRequest = {
  readonly id?: string
  readonly inputs: readonly Tensor[]
  /** Wanted outputs in the caller's order; all when the caller names none. */
  readonly outputs: readonly string[]
}

// The protocol counts elements in int64; beyond 2^53 no body could hold them.
const size = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

// More than any operator of ONNX takes; the shape's length bounds the walk over nested data.
const mostDimensions = 64

const inputSchema = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(size).max(mostDimensions),
  data: z.custom<readonly unknown[]>(Array.isArray, 'expected values in JSON: an array, flat or nested'),
})

// Refused rather than answered in another form than was asked for.
const inJsonOnly = z
  .literal(false, { error: 'expected false or none: tensors are sent and answered as JSON' })
  .optional()

const outputSchema = z.object({
  name: z.string(),
  parameters: z
    .object({
      classification: z.undefined({ error: 'expected none: classification is not supported' }).optional(),
      binary_data: inJsonOnly,
    })
    .optional(),
})

const inferRequestSchema = z.object({
  id: z.string().optional(),
  inputs: z.array(inputSchema),
  outputs: z.array(outputSchema).optional(),
  parameters: z.object({ binary_data_output: inJsonOnly }).optional(),
})

type InputBody = z.output<typeof inputSchema>

// uint64 has at most 20 digits; more would only cost time before the range check refuses them.
const exactInteger = /^-?\d{1,20}$/

/** JSON.parse gives the source text of a number to its reviver (ECMA-262 proposal, in V8 since 11.4). */
const reviveExact = (_key: string, value: unknown, context: { readonly source: string }): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && exactInteger.test(context.source)
    ? BigInt(context.source)
    : value

// TypeScript's library does not know the reviver's third argument yet.
const parseExact = (text: string): unknown => parseJson(text, reviveExact as (key: string, value: unknown) => unknown)

/** Looks no deeper than the shape: deeper values are refused later, and a body may nest a million deep. */
const holdsUnsafe = (values: readonly unknown[], depth: number): boolean =>
  values.some((value) =>
    Array.isArray(value) && depth > 1 ? holdsUnsafe(value, depth - 1) : !Number.isSafeInteger(value),
  )

const needsExact = ({ datatype, data, shape }: InputBody): boolean =>
  (datatype === 'INT64' || datatype === 'UINT64') && holdsUnsafe(data, shape.length)

/** Reading every number's source costs about four times a plain parse, so it is done only where it matters. */
const parseInferBody = (text: string): z.output<typeof inferRequestSchema> => {
  const body = checkBody(inferRequestSchema, parseJson(text))
  return body.inputs.some(needsExact) ? checkBody(inferRequestSchema, parseExact(text)) : body
}

const namesOf = (specs: readonly TensorSpec[]): string => specs.map(({ name }) => name).join(',')

const fits = (declared: readonly number[], shape: readonly number[]): boolean =>
  declared.length === shape.length && declared.every((expected, i) => expected === -1 || expected === shape[i])

const tensorOf = (body: InputBody, { inputs }: Signature): Tensor => {
  const { name, shape } = body
  const spec = inputs.find((input) => input.name === name)
  if (!spec) throw new PercallError('UNKNOWN_INPUT', `input ${name}: expected one of [${namesOf(inputs)}], got ${name}`)
  const { datatype } = spec
  if (body.datatype !== datatype)
    throw new PercallError('BAD_DATATYPE', `input ${name}: expected ${datatype}, got ${body.datatype}`)
  if (!spec.unknownRank && !fits(spec.shape, shape))
    throw new PercallError(
      'SHAPE_MISMATCH',
      `input ${name}: expected [${spec.shape.join(',')}], got [${shape.join(',')}]`,
    )
  return { name, datatype, shape, data: dataFromJson(name, datatype, shape, body.data) }
}

const requireComplete = (inputs: readonly Tensor[], signature: Signature): void => {
  const names = new Set(inputs.map(({ name }) => name))
  if (names.size < inputs.length)
    throw new PercallError('BAD_REQUEST', `inputs: expected each name once, got [${inputs.map(({ name }) => name)}]`)
  const missing = signature.inputs.find(({ name, kind }) => kind !== 'optional' && !names.has(name))
  if (missing)
    throw new PercallError('MISSING_INPUT', `input ${missing.name}: expected ${missing.datatype}, got no such input`)
}

/** The outputs that a call answers. Throws BAD_REQUEST for a name twice, UNKNOWN_OUTPUT, or OUTPUT_NOT_EXPRESSIBLE for a sequence or map. */
export const selectOutputs = (wanted: readonly string[], { outputs }: Signature): readonly string[] => {
  const names = wanted.length > 0 ? wanted : outputs.map(({ name }) => name)
  if (new Set(names).size < names.length)
    throw new PercallError('BAD_REQUEST', `outputs: expected each name once, got [${names}]`)
  for (const name of names) {
    const spec = outputs.find((output) => output.name === name)
    if (!spec)
      throw new PercallError('UNKNOWN_OUTPUT', `output ${name}: expected one of [${namesOf(outputs)}], got ${name}`)
    if (spec.kind === 'sequence' || spec.kind === 'map')
      throw new PercallError(
        'OUTPUT_NOT_EXPRESSIBLE',
        `output ${name}: expected a tensor, the model gives a ${spec.kind}`,
      )
  }
  return names
}

/**
 * The text of an Open Inference V2 request to typed tensors that fit `signature`; INT64 and UINT64 are exact.
 * Throws BAD_JSON, BAD_REQUEST, UNKNOWN_INPUT, MISSING_INPUT, BAD_DATATYPE, SHAPE_MISMATCH, BAD_VALUE, UNKNOWN_OUTPUT.
 */
export const decodeInferRequest = (text: string, signature: Signature): InferRequest => {
  const body = parseInferBody(text)
  const inputs = body.inputs.map((input) => tensorOf(input, signature))
  requireComplete(inputs, signature)
  const outputs = selectOutputs(body.outputs?.map(({ name }) => name) ?? [], signature)
  return { ...(body.id !== undefined && { id: body.id }), inputs, outputs }
}
