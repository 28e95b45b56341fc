import { packFloat32, unpackFloat32 } from '../packed.ts'
import type { MlpState } from './mlp.ts'
import type { MlpModel } from './mlp-model.ts'
import { layersOf, parameterCount, type Shape } from './network.ts'

/** Fewer units would save little. */
const leastUnits = 2

/** How many units each hidden layer keeps: half of them. */
export const narrowSizes = (sizes: readonly number[]): readonly number[] =>
  sizes.map((size, l) => (l === 0 || l === sizes.length - 1 ? size : Math.max(leastUnits, Math.ceil(size / 2))))

/** The units of a layer in order of w_in'w_in x w_out'w_out, the largest first; ties by their number. */
const byWeight = (shape: Shape, parameters: Float32Array, hidden: number): readonly number[] => {
  const [into, out] = [layersOf(shape)[hidden - 1]!, layersOf(shape)[hidden]!]
  const weight = (unit: number): number => {
    let coming = 0
    let going = 0
    for (let i = 0; i < into.inputs; i++) coming += parameters[into.matrix + i * into.outputs + unit]! ** 2
    for (let k = 0; k < out.outputs; k++) going += parameters[out.matrix + unit * out.outputs + k]! ** 2
    return coming * going
  }
  const weights = Float64Array.from({ length: into.outputs }, (_, unit) => weight(unit))
  return Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]! || a - b)
}

/**
 * A net with half of the units of each hidden layer, those that matter most, as the start of a fit that goes on.
 * Without that fit its answers are far off.
 */
export const narrowState = (model: MlpModel): MlpState => {
  const parameters = unpackFloat32(model.parameters)
  const sizes = narrowSizes(model.sizes)
  const shape = { sizes, activation: model.activation }
  const kept = model.sizes.map((size, l) => {
    const all = Array.from({ length: size }, (_, unit) => unit)
    return sizes[l] === size
      ? all
      : byWeight(model, parameters, l)
          .slice(0, sizes[l])
          .toSorted((a, b) => a - b)
  })
  const narrowed = new Float32Array(parameterCount(shape))
  const [from, into] = [layersOf(model), layersOf(shape)]
  from.forEach(({ matrix, bias, outputs }, l) => {
    const target = into[l]!
    kept[l + 1]!.forEach((unit, k) => {
      narrowed[target.bias + k] = parameters[bias + unit]!
      kept[l]!.forEach((input, i) => {
        narrowed[target.matrix + i * target.outputs + k] = parameters[matrix + input * outputs + unit]!
      })
    })
  })
  const zeros = packFloat32(new Float32Array(narrowed.length))
  const unscaling = { scale: model.scale, shift: model.shift }
  return {
    ...{ status: 'fitting', iteration: 0, shape, unscaling },
    ...{ parameters: packFloat32(narrowed), first: zeros, second: zeros },
  }
}
