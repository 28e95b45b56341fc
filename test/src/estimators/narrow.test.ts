import { expect, test } from 'vitest'
import { mlp } from '../../../src/estimators/mlp/mlp.ts'
import { mlpMargins, mlpModel } from '../../../src/estimators/mlp/mlp-model.ts'
import { narrowState } from '../../../src/estimators/mlp/narrow.ts'
import { initialParameters, layersOf } from '../../../src/estimators/mlp/network.ts'

test('a net half of whose hidden units lead nowhere -> the other half, and the same margins', () => {
  const shape = { sizes: [3, 6, 4, 2], activation: 'relu' as const }
  const parameters = initialParameters(shape, [0.5, -0.5], 1)
  const [, second, third] = layersOf(shape)
  const idle = [
    { layer: second!, units: [0, 3, 4] },
    { layer: third!, units: [1, 2] },
  ]
  for (const { layer, units } of idle)
    for (const unit of units)
      for (let k = 0; k < layer.outputs; k++) parameters[layer.matrix + unit * layer.outputs + k] = 0
  const model = mlpModel(shape, { scale: 2, shift: 1 }, parameters)
  const narrowed = mlp.model(narrowState(model))
  expect(narrowed.sizes).toEqual([3, 3, 2, 2])
  const X = { rows: 4, columns: 3, values: Float64Array.from({ length: 12 }, (_, i) => Math.sin(i)) }
  const [before, after] = [mlpMargins(model, X).values, mlpMargins(narrowed, X).values]
  expect(after.every((value, i) => Math.abs(value - before[i]!) < 1e-12)).toBe(true)
})
