import { createRandom } from '../random.ts'
import type { Signature, TensorSpec } from '../registry/signature.ts'
import { elementCount, type Tensor, type TensorData } from '../tensor/tensor.ts'

/** Each input's dimensions: a size, or a name that stands for the same size wherever it is. */
export type Dimensions = Readonly<Record<string, readonly (number | string)[]>>

/** Inputs to try a model with. Sizes: one for each name of a dimension. */
export type Trial = { readonly fill: Fill; readonly sizes: Readonly<Record<string, number>> }

/** `small`: fractions below one, and whole numbers 0; `ones`: 1 everywhere. Both are in range of most tables. */
export type Fill = 'small' | 'ones'

const seed = 20_240_229

const whole = (fill: Fill): number => (fill === 'ones' ? 1 : 0)

const makers: Readonly<Record<TensorSpec['datatype'], (length: number, fill: Fill) => TensorData>> = {
  BOOL: (length, fill) => new Uint8Array(length).fill(whole(fill)),
  UINT8: (length, fill) => new Uint8Array(length).fill(whole(fill)),
  UINT16: (length, fill) => new Uint16Array(length).fill(whole(fill)),
  UINT32: (length, fill) => new Uint32Array(length).fill(whole(fill)),
  UINT64: (length, fill) => new BigUint64Array(length).fill(BigInt(whole(fill))),
  INT8: (length, fill) => new Int8Array(length).fill(whole(fill)),
  INT16: (length, fill) => new Int16Array(length).fill(whole(fill)),
  INT32: (length, fill) => new Int32Array(length).fill(whole(fill)),
  INT64: (length, fill) => new BigInt64Array(length).fill(BigInt(whole(fill))),
  // Bits of 0.5 and of 1: IEEE 754 binary16, bfloat16.
  FP16: (length, fill) => new Uint16Array(length).fill(fill === 'ones' ? 0x3c00 : 0x3800),
  BF16: (length, fill) => new Uint16Array(length).fill(fill === 'ones' ? 0x3f80 : 0x3f00),
  FP32: (length, fill) => fractions(new Float32Array(length), fill),
  FP64: (length, fill) => fractions(new Float64Array(length), fill),
  BYTES: (length, fill) => new Array<string>(length).fill(fill === 'ones' ? '1' : ''),
}

const fractions = <Data extends Float32Array | Float64Array>(data: Data, fill: Fill): Data => {
  if (fill === 'ones') data.fill(1)
  else {
    const random = createRandom(seed)
    for (let i = 0; i < data.length; i++) data[i] = random()
  }
  return data
}

const shapeOf = (dims: readonly (number | string)[], { sizes }: Trial): readonly number[] =>
  dims.map((dim) => (typeof dim === 'number' ? dim : (sizes[dim] ?? 1)))

/** One tensor for each input. */
export const trialInputs = ({ inputs }: Signature, dimensions: Dimensions, trial: Trial): readonly Tensor[] =>
  inputs.map(({ name, datatype }) => {
    const shape = shapeOf(dimensions[name] ?? [], trial)
    return { name, datatype, shape, data: makers[datatype](elementCount(shape), trial.fill) }
  })

/** Elements that `trialInputs` would make: asked first, so that nothing large is made. */
export const trialElements = ({ inputs }: Signature, dimensions: Dimensions, trial: Trial): number =>
  inputs.reduce((sum, { name }) => sum + elementCount(shapeOf(dimensions[name] ?? [], trial)), 0)

/** Names of the dimensions that vary, in the order in which they come. */
const variableNames = (dimensions: Dimensions): readonly string[] => [
  ...new Set(Object.values(dimensions).flatMap((dims) => dims.filter((dim) => typeof dim === 'string'))),
]

// 224 is the least side of an image that many networks take.
const firstSizes = [1, 2, 8, 32, 224]

/** What to try first, in order, until the model takes one. */
export const firstTrials = (dimensions: Dimensions): readonly Trial[] => {
  const names = variableNames(dimensions)
  const sizes = names.length === 0 ? [1] : firstSizes
  return sizes.flatMap((size) => (['small', 'ones'] as const).map((fill) => ({ fill, sizes: sizesOf(names, size) })))
}

const sizesOf = (names: readonly string[], size: number): Readonly<Record<string, number>> =>
  Object.fromEntries(names.map((name) => [name, size]))

// More would be tried one by one: each one has its own way to grow.
const mostAlone = 4

/** Ways to grow from a trial that ran, each as its size doubles: all dimensions at once, and each of the first ones alone. */
export const growths = (first: Trial, dimensions: Dimensions): readonly ((size: number) => Trial)[] => {
  const names = variableNames(dimensions)
  const alone = names.length > 1 ? names.slice(0, mostAlone) : []
  return [
    ...(names.length > 0 ? [(size: number) => ({ ...first, sizes: sizesOf(names, size) })] : []),
    ...alone.map((name) => (size: number) => ({ ...first, sizes: { ...first.sizes, [name]: size } })),
  ]
}
