import * as z from 'zod'
import { checkBody, parseJson } from '../body.ts'
import { PercallError } from '../errors.ts'
import type { Signature, TensorSpec } from '../registry/signature.ts'

// The protocol counts elements in int64; beyond 2^53 no body could hold them.
const size = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

// More than any operator of ONNX takes; the shape's length bounds the walk over nested data.
const mostDimensions = 64

// Parameters that nobody knows are ignored, as Triton does; this one would send the data elsewhere than the caller reads.
const inTheBody = z.undefined({ error: 'expected none: tensors travel in the body' }).optional()

const inputSchema = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(size).max(mostDimensions),
  data: z.custom<readonly unknown[]>(Array.isArray, 'expected values in JSON: an array, flat or nested').optional(),
  parameters: z.object({ binary_data_size: size.optional(), shared_memory_region: inTheBody }).optional(),
})

const outputSchema = z.object({
  name: z.string(),
  parameters: z
    .object({
      classification: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
      binary_data: z.boolean().optional(),
      shared_memory_region: inTheBody,
    })
    .optional(),
})

export const inferRequestSchema = z.object({
  id: z.string().optional(),
  inputs: z.array(inputSchema),
  outputs: z.array(outputSchema).optional(),
  parameters: z.object({ binary_data_output: z.boolean().optional() }).optional(),
})

export type InputBody = z.output<typeof inputSchema>
export type InferBody = z.output<typeof inferRequestSchema>

const isSize = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isPlainInput = (input: unknown): boolean => {
  if (typeof input !== 'object' || input === null) return false
  const { name, datatype, shape, data, parameters } = input as Readonly<Record<string, unknown>>
  if (typeof name !== 'string' || typeof datatype !== 'string' || !Array.isArray(data) || parameters !== undefined)
    return false
  return Array.isArray(shape) && shape.length <= mostDimensions && shape.every(isSize)
}

/**
 * Whether a parsed body is what nearly every one is: values of inputs and no more, as the schema takes it. Of the time of
 * a call of one row the schema is a twentieth; it reads what this does not know, and words every refusal.
 */
const isPlain = (body: unknown): body is InferBody => {
  if (typeof body !== 'object' || body === null) return false
  const { id, inputs, outputs, parameters } = body as Readonly<Record<string, unknown>>
  if ((id !== undefined && typeof id !== 'string') || outputs !== undefined || parameters !== undefined) return false
  return Array.isArray(inputs) && inputs.every(isPlainInput)
}

const inferBody = (body: unknown): InferBody => (isPlain(body) ? body : checkBody(inferRequestSchema, body))

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
  (datatype === 'INT64' || datatype === 'UINT64') && data !== undefined && holdsUnsafe(data, shape.length)

/**
 * The JSON of an inference request; INT64 and UINT64 beyond 2^53 are bigint. Reading every number's source costs about
 * four times a plain parse, so it is done only where it matters. Throws BAD_JSON, BAD_REQUEST.
 */
export const parseInferBody = (text: string): InferBody => {
  const body = inferBody(parseJson(text))
  return body.inputs.some(needsExact) ? inferBody(parseExact(text)) : body
}

export const namesOf = (specs: readonly TensorSpec[]): string => specs.map(({ name }) => name).join(',')

/** The outputs that a call answers. Throws BAD_REQUEST for a name twice, UNKNOWN_OUTPUT, or OUTPUT_NOT_EXPRESSIBLE for a sequence, map or optional. */
export const selectOutputs = (wanted: readonly string[], { outputs }: Signature): readonly string[] => {
  const names = wanted.length > 0 ? wanted : outputs.map(({ name }) => name)
  if (names.length > 1 && new Set(names).size < names.length)
    throw new PercallError('BAD_REQUEST', `outputs: expected each name once, got [${names}]`)
  for (const name of names) {
    const spec = outputs.find((output) => output.name === name)
    if (!spec)
      throw new PercallError('UNKNOWN_OUTPUT', `output ${name}: expected one of [${namesOf(outputs)}], got ${name}`)
    if (spec.kind !== undefined)
      throw new PercallError(
        'OUTPUT_NOT_EXPRESSIBLE',
        `output ${name}: expected a tensor, the model gives a ${spec.kind}`,
      )
  }
  return names
}
