import { PercallError } from '../errors.ts'
import type { Tensor, TensorData } from '../tensor/tensor.ts'
import { type Background, missingBackground } from './background.ts'
import { rowsOf } from './columns.ts'
import type { BackgroundKind, ExplainedModel } from './explanation.ts'

export type ChosenBackground = Background & { readonly kind: BackgroundKind; readonly rows: number }

/** More tell little more, and each is run for every mask. */
const mostBackgroundRows = 1000

/**
 * The rows that came with the question; else the version's; else one row that is missing throughout, or, of a raw graph,
 * all zeros. Throws BAD_REQUEST for rows that do not fit the inputs.
 */
export const chooseBackground = (
  { explainer, manifest }: ExplainedModel,
  inputs: readonly Tensor[],
  given: readonly Tensor[] | undefined,
): ChosenBackground => {
  if (given !== undefined) {
    const tensors = inputs.map((input) => fitting(input, given))
    const rows = rowsOf(tensors)
    if (rows > mostBackgroundRows)
      throw new PercallError('BAD_BACKGROUND', `background: expected at most ${mostBackgroundRows} rows, got ${rows}`)
    return { kind: 'request', rows, tensors, weights: new Float64Array(rows).fill(1 / rows) }
  }
  if (explainer !== undefined) return { kind: 'version', ...counted(explainer.background) }
  if (manifest !== undefined) return { kind: 'missing', ...counted(missingBackground(manifest.codec)) }
  return { kind: 'zeros', rows: 1, tensors: inputs.map(zeros), weights: Float64Array.of(1) }
}

const counted = (background: Background) => ({ ...background, rows: background.weights.length })

const fitting = (input: Tensor, given: readonly Tensor[]): Tensor => {
  const own = given.find(({ name }) => name === input.name)
  const shown = ({ datatype, shape }: Tensor) => `${datatype} [n${shape.slice(1).map((size) => `,${size}`)}]`
  if (own !== undefined && shown(own) === shown(input)) return own
  throw new PercallError(
    'BAD_BACKGROUND',
    `background, input ${input.name}: expected ${shown(input)}, got ${own ? shown(own) : 'none'}`,
  )
}

const zeros = ({ shape, data, ...tensor }: Tensor): Tensor => {
  const size = data.length / shape[0]!
  return { ...tensor, shape: [1, ...shape.slice(1)], data: zeroData(data, size) }
}

const zeroData = (data: TensorData, size: number): TensorData =>
  ArrayBuffer.isView(data)
    ? // A typed array's constructor makes its own kind.
      new (data.constructor as Float64ArrayConstructor)(size)
    : new Array<string>(size).fill('')
