import type { ColumnCodec } from '../dataset/column-codec.ts'
import type { EmbeddingManifest } from '../embedding/embedding-manifest.ts'
import { PercallError } from '../errors.ts'
import type { Datatype } from '../tensor/tensor.ts'
import { isTabular, type Manifest, type TabularManifest } from './manifest.ts'
import type { Signature, TensorSpec } from './signature.ts'

/** What a member of the manifest needs of the tensor that it names. A size of -1 fits every declared one. */
type Need = {
  readonly member: string
  readonly name: string
  readonly datatypes: readonly Datatype[]
  readonly shape?: readonly number[]
}

const refuse = (member: string, expected: string, got: string): PercallError =>
  new PercallError('BAD_MANIFEST', `manifest.${member}: expected ${expected}, got ${got}`)

const shapeFits = (wanted: readonly number[], { shape, unknownRank }: TensorSpec): boolean =>
  unknownRank === true ||
  (shape.length === wanted.length && wanted.every((size, i) => size === -1 || shape[i] === -1 || shape[i] === size))

const requireTensor = (side: 'input' | 'output', specs: readonly TensorSpec[], need: Need): TensorSpec => {
  const { member, name, datatypes, shape } = need
  const spec = specs.find((one) => one.name === name)
  const names = specs.map((one) => one.name).join(', ')
  if (!spec) throw refuse(member, `an ${side} of the model (${names})`, name)
  if (spec.kind && spec.kind !== 'optional') throw refuse(member, `a tensor, as the model's ${side} ${name}`, spec.kind)
  if (!datatypes.includes(spec.datatype))
    throw refuse(member, `${datatypes.join(' or ')}, as ${side} ${name}`, `a model that declares ${spec.datatype}`)
  if (shape && !shapeFits(shape, spec))
    throw refuse(member, `[${shape.join(',')}], as ${side} ${name}`, `a model that declares [${spec.shape.join(',')}]`)
  return spec
}

/** Throws BAD_MANIFEST when the graph needs an input that no member of the manifest feeds. */
const requireFed = (member: string, inputs: readonly TensorSpec[], fed: readonly string[]): void => {
  const unfed = inputs.find(({ name, kind }) => kind !== 'optional' && !fed.includes(name))
  if (unfed) throw refuse(member, `every input of the model, ${unfed.name} among them`, fed.join(', '))
}

const columnNeed = (column: ColumnCodec, i: number): Need => ({
  member: `codec.columns.${i}`,
  name: column.name,
  datatypes: [column.datatype],
  shape: [-1, 1],
})

const numbers = ['FP32', 'FP64', 'INT64', 'INT32'] as const
const labels = [...numbers, 'BYTES'] as const

const requireTabularFits = ({ codec, outputs, classes }: TabularManifest, signature: Signature): void => {
  for (const [i, column] of codec.columns.entries()) requireTensor('input', signature.inputs, columnNeed(column, i))
  requireFed(
    'codec.columns',
    signature.inputs,
    codec.columns.map(({ name }) => name),
  )
  const output = (member: string, name: string, datatypes: readonly Datatype[], shape?: readonly number[]) =>
    requireTensor('output', signature.outputs, { member, name, datatypes, ...(shape && { shape }) })
  if ('prediction' in outputs) {
    output('outputs.prediction', outputs.prediction, numbers)
    const { interval } = outputs
    if (interval) for (const end of ['low', 'high'] as const) output(`outputs.interval.${end}`, interval[end], numbers)
    return
  }
  if (!classes || classes.length === 0) throw refuse('classes', 'the classes in the order of the probabilities', 'none')
  output('outputs.label', outputs.label, labels)
  output('outputs.probabilities', outputs.probabilities, ['FP32', 'FP64'], [-1, classes.length])
}

const requireEmbeddingFits = (manifest: EmbeddingManifest, signature: Signature): void => {
  const { inputs, pooling, output, dimensions, maxTokens } = manifest
  const named = Object.entries(inputs).filter((entry): entry is [string, string] => entry[1] !== undefined)
  for (const [member, name] of named) {
    const need = { member: `inputs.${member}`, name, datatypes: ['INT64', 'INT32'], shape: [-1, -1] } as const
    const { shape, unknownRank } = requireTensor('input', signature.inputs, need)
    const [texts = -1, tokens = -1] = shape
    if (unknownRank) continue
    if (texts !== -1) throw refuse(need.member, `any number of texts in input ${name}`, `[${shape.join(',')}]`)
    if (tokens !== -1 && tokens < maxTokens)
      throw refuse('maxTokens', `at most ${tokens}, as input ${name} declares`, String(maxTokens))
  }
  const names = named.map(([, name]) => name)
  if (new Set(names).size < names.length) throw refuse('inputs', 'another input for each', names.join(', '))
  requireFed('inputs', signature.inputs, names)
  const shape = pooling === 'none' ? [-1, dimensions] : [-1, -1, dimensions]
  requireTensor('output', signature.outputs, { member: 'output', name: output, datatypes: ['FP32', 'FP64'], shape })
}

/**
 * Refuses a manifest whose tensors the graph does not have: by name, datatype and shape.
 * Throws BAD_MANIFEST, which names the member and the tensor. Does not read the tokenizer.
 */
export const requireManifestFits = (manifest: Manifest, signature: Signature): void =>
  isTabular(manifest) ? requireTabularFits(manifest, signature) : requireEmbeddingFits(manifest, signature)
