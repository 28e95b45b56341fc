import type { Codec } from '../dataset/codec.ts'
import type { LinearModel } from '../estimators/estimator.ts'
import type { ForestModel } from '../estimators/trees/forest-margins.ts'
import type { TreeModel } from '../estimators/trees/tree.ts'
import type { Calibrator } from '../run/blend/calibrator.ts'
import type { Link } from '../run/blend/link.ts'
import type { Prepared } from '../run/prepared.ts'
import { leadOf, type Member, type TrainedModel } from '../run/trained.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'
import type { Pipeline } from '../transformers/pipeline-shape.ts'
import { type Background, sampleBackground } from './background.ts'

/** A member that can be taken apart. */
export type ExplainedMember = {
  readonly pipeline: Pipeline
  /** Of its margins in the blend; weights of all members sum to 1. */
  readonly weight: number
} & (
  | { readonly kind: 'boosted'; readonly model: TreeModel }
  | { readonly kind: 'forest'; readonly model: ForestModel }
  | { readonly kind: 'linear'; readonly model: LinearModel }
)

/** What a version keeps to be explained by. */
export type Explainer = {
  readonly schema: 1
  /**
   * Empty where one member of the model is neither trees nor linear, or the served graph has other weights: it is
   * explained by permutation.
   */
  readonly members: readonly ExplainedMember[]
  readonly link: Link
  readonly calibrator?: Calibrator
  readonly background: Background
}

/** What was fitted, and a sample of the rows that it was fitted on; columns that hold personal data are missing in it. */
export const makeExplainer = (
  codec: Codec,
  trained: TrainedModel,
  { tensors }: Pick<Prepared, 'tensors'>,
  personal: readonly string[],
  seed: number,
): Explainer => {
  const members = trained.members.map(explainedMember)
  return {
    schema: 1,
    members: members.every((member) => member !== undefined) ? members : [],
    link: leadOf(trained).link,
    ...(trained.calibrator && { calibrator: trained.calibrator }),
    background: sampleBackground(codec, tensors, personal, seed),
  }
}

/** Of a graph with other weights than the fitted model has, such as int8: that is asked, not taken apart. */
export const withoutMembers = (explainer: Explainer): Explainer => ({ ...explainer, members: [] })

/** Models are plain JSON of the estimator that made them. */
const explainedMember = ({ algorithm, model, pipeline, weight }: Member): ExplainedMember | undefined => {
  switch (algorithm) {
    case 'gbdt':
      return { pipeline, weight, kind: 'boosted', model: model as TreeModel }
    case 'forest':
      return { pipeline, weight, kind: 'forest', model: model as ForestModel }
    case 'linear':
    case 'logistic':
      return { pipeline, weight, kind: 'linear', model: model as LinearModel }
    default:
      return undefined
  }
}

/** explainer.json. The same model and rows give the same bytes. */
export const encodeExplainer = ({ background, ...explainer }: Explainer): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({
      ...explainer,
      background: { tensors: background.tensors.map(storedTensor), weights: [...background.weights] },
    } satisfies Stored),
  )

export const decodeExplainer = (bytes: Uint8Array): Explainer => {
  // Written by encodeExplainer and kept under its digest.
  const { background, ...explainer } = JSON.parse(new TextDecoder().decode(bytes)) as Stored
  const weights = Float64Array.from(background.weights)
  return { ...explainer, background: { tensors: background.tensors.map(tensorOf), weights } }
}

type StoredTensor = Omit<Tensor, 'data'> & { readonly cells: readonly (string | number | null)[] }

type Stored = Omit<Explainer, 'background'> & {
  readonly background: { readonly tensors: readonly StoredTensor[]; readonly weights: readonly number[] }
}

/** NaN is null, and whole numbers of 64 bits are text. */
const storedTensor = ({ data, ...tensor }: Tensor): StoredTensor => ({
  ...tensor,
  cells: Array.from(data as Iterable<string | number | bigint>, (value) =>
    typeof value === 'bigint' ? String(value) : typeof value === 'number' && Number.isNaN(value) ? null : value,
  ),
})

const tensorOf = ({ cells, ...tensor }: StoredTensor): Tensor => ({ ...tensor, data: dataOf(tensor.datatype, cells) })

/** The codec gives these four datatypes only. */
const dataOf = (datatype: Tensor['datatype'], cells: StoredTensor['cells']): TensorData => {
  if (datatype === 'BYTES') return cells.map(String)
  if (datatype === 'INT64') return BigInt64Array.from(cells, (cell) => BigInt(cell!))
  const numbers = cells.map((cell) => (cell === null ? Number.NaN : Number(cell)))
  return datatype === 'FP32' ? Float32Array.from(numbers) : Float64Array.from(numbers)
}
