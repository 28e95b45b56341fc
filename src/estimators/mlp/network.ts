import { createRandom } from '../../random.ts'

export const activations = ['relu', 'tanh', 'logistic'] as const

export type Activation = (typeof activations)[number]

/** Sizes from features to outputs: [p, hidden..., outputs]. */
export type Shape = { readonly sizes: readonly number[]; readonly activation: Activation }

/** A layer's matrix [inputs, outputs] row-major from `matrix`, its intercepts from `bias` up to `end`. */
export type Layer = {
  readonly inputs: number
  readonly outputs: number
  readonly matrix: number
  readonly bias: number
  readonly end: number
}

/** Where each layer lies in the one vector of all parameters. */
export const layersOf = ({ sizes }: Shape): readonly Layer[] => {
  const layers: Layer[] = []
  let at = 0
  for (let l = 0; l + 1 < sizes.length; l++) {
    const inputs = sizes[l]!
    const outputs = sizes[l + 1]!
    const bias = at + inputs * outputs
    layers.push({ inputs, outputs, matrix: at, bias, end: bias + outputs })
    at = bias + outputs
  }
  return layers
}

export const parameterCount = (shape: Shape): number => layersOf(shape).at(-1)!.end

/**
 * Matrices uniform within sqrt(6 / (inputs + outputs)), or sqrt(2 / ...) for the logistic activation (Glorot & Bengio
 * 2010, as scikit-learn has it). Intercepts are 0, those of the outputs `margins`: the best answer without features.
 */
export const initialParameters = (shape: Shape, margins: ArrayLike<number>, seed: number): Float32Array => {
  const random = createRandom(seed)
  const parameters = new Float32Array(parameterCount(shape))
  const factor = shape.activation === 'logistic' ? 2 : 6
  for (const { inputs, outputs, matrix, bias } of layersOf(shape)) {
    const bound = Math.sqrt(factor / (inputs + outputs))
    for (let at = matrix; at < bias; at++) parameters[at] = (2 * random() - 1) * bound
  }
  parameters.set(margins, parameters.length - margins.length)
  return parameters
}
