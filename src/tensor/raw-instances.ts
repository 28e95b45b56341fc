import { encodedJson } from '../call/encoded.ts'
import type { Question } from '../call/question.ts'
import { PercallError } from '../errors.ts'
import type { Signature, TensorSpec } from '../registry/signature.ts'
import { dataFromJson } from './datatypes.ts'
import { selectOutputs } from './json-request.ts'
import { jsonValues } from './json-response.ts'
import { elementCount, type Tensor } from './tensor.ts'

type Instance = Readonly<Record<string, unknown>>

const isInstance = (value: unknown): value is Instance =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Sizes of nested arrays, one more than `rank` at most, read from first elements; dataFromJson checks the others. */
const sizesOf = (value: unknown, rank: number): readonly number[] => {
  const sizes: number[] = []
  for (let part = value; Array.isArray(part) && sizes.length <= rank; part = part[0]) sizes.push(part.length)
  return sizes
}

const fits = (declared: readonly number[], shape: readonly number[]): boolean =>
  declared.length === shape.length && declared.every((size, i) => size === -1 || size === shape[i])

const stack = ({ name, datatype, shape: declared }: TensorSpec, values: readonly unknown[]): Tensor => {
  const sizes = sizesOf(values, declared.length)
  // A plain value stands for a column of width 1, as scikit-learn's converters declare one.
  const shape = sizes.length === declared.length - 1 && declared.at(-1) === 1 ? [...sizes, 1] : sizes
  if (!fits(declared, shape))
    throw new PercallError(
      'SHAPE_MISMATCH',
      `input ${name}: expected [${declared.join(',')}], got [${shape.join(',')}]`,
    )
  const flat = shape.length > 1 && shape.length > sizes.length ? values.flat(sizes.length - 1) : values
  return { name, datatype, shape, data: dataFromJson(name, datatype, shape, flat) }
}

/** Columns of one value a row: then an array holds the cells of a row, as for a trained model. */
const isColumn = ({ shape }: TensorSpec): boolean => shape.length === 1 || (shape.length === 2 && shape[1] === 1)

/** Arrays in the order of the inputs -> objects by name, where there are several inputs of one value a row. */
const named = (inputs: readonly TensorSpec[], instances: readonly unknown[]): readonly unknown[] => {
  if (inputs.length < 2 || !inputs.every(isColumn)) return instances
  return instances.map((instance, row) => {
    if (!Array.isArray(instance)) return instance
    if (instance.length === inputs.length) return Object.fromEntries(inputs.map(({ name }, k) => [name, instance[k]]))
    const order = inputs.map(({ name }) => name).join(', ')
    throw new PercallError(
      'BAD_REQUEST',
      `instance ${row}: expected ${inputs.length} values in the order ${order}, got ${instance.length}`,
    )
  })
}

const valuesOf = (spec: TensorSpec, instances: readonly unknown[], only: boolean): readonly unknown[] =>
  instances.map((instance, row) => {
    if (!isInstance(instance) && only) return instance
    if (!isInstance(instance))
      throw new PercallError('BAD_REQUEST', `instance ${row}: expected an object by input name`)
    if (!Object.hasOwn(instance, spec.name))
      throw new PercallError('MISSING_INPUT', `instance ${row}: expected input ${spec.name}, got none`)
    return instance[spec.name]
  })

const refuseUnknown = ({ inputs }: Signature, instances: readonly unknown[]): void => {
  const names = new Set(inputs.map(({ name }) => name))
  for (const [row, instance] of instances.entries()) {
    const unknown = isInstance(instance) ? Object.keys(instance).find((name) => !names.has(name)) : undefined
    if (unknown !== undefined)
      throw new PercallError('UNKNOWN_INPUT', `instance ${row}: expected [${[...names]}], got ${unknown}`)
  }
}

const nest = (values: readonly unknown[], sizes: readonly number[]): unknown => {
  const [size, ...inner] = sizes
  if (size === undefined) return values[0]
  const width = elementCount(inner)
  return Array.from({ length: size }, (_, i) => nest(values.slice(i * width, (i + 1) * width), inner))
}

/** The shape of one entry, where an output has one for each instance. Throws OUTPUT_NOT_EXPRESSIBLE. */
export const requireEntries = ({ name, shape }: Tensor, rows: number): readonly number[] => {
  const [first, ...inner] = shape
  if (first === rows) return inner
  throw new PercallError(
    'OUTPUT_NOT_EXPRESSIBLE',
    `output ${name}: expected one entry for each of ${rows} instances, got shape [${shape.join(',')}]`,
  )
}

const entriesOf = (tensor: Tensor, rows: number): readonly unknown[] =>
  nest(jsonValues(tensor).values, [rows, ...requireEntries(tensor, rows)]) as readonly unknown[]

/** One output -> its entries; several -> one object by output name for each instance. */
const encodePredictions = (outputs: readonly Tensor[], rows: number): string => {
  const columns = outputs.map((tensor) => entriesOf(tensor, rows))
  const [only] = columns
  if (columns.length === 1) return JSON.stringify({ predictions: only })
  const predictions = Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(outputs.map(({ name }, i) => [name, columns[i]?.[row]])),
  )
  return JSON.stringify({ predictions })
}

/**
 * Instances of a model without a manifest: objects by input name, arrays in the order of the inputs where each
 * is one value a row, or bare values where there is one input.
 * The first dimension of each input and output is the instance.
 * Throws BAD_REQUEST, UNKNOWN_INPUT, MISSING_INPUT, SHAPE_MISMATCH, BAD_VALUE, BAD_DATATYPE, OUTPUT_NOT_EXPRESSIBLE.
 */
export const rawQuestion = (
  signature: Signature,
  instances: readonly unknown[],
  unknown: 'refuse' | 'ignore',
): Question => {
  if (unknown === 'refuse') refuseUnknown(signature, instances)
  const required = signature.inputs.filter(({ kind }) => kind !== 'optional')
  const rows = named(required, instances)
  const inputs = required.map((spec) => stack(spec, valuesOf(spec, rows, required.length === 1)))
  const tensors = signature.outputs.filter(({ kind }) => kind === undefined)
  const wanted = tensors.map(({ name }) => name)
  return {
    inputs,
    outputs: selectOutputs(wanted, signature),
    rows: instances.length,
    encode: (outputs) => encodedJson(encodePredictions(outputs, instances.length)),
  }
}
