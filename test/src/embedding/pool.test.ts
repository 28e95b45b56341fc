import { expect, test } from 'vitest'
import type { EmbeddingManifest } from '../../../src/embedding/embedding-manifest.ts'
import { poolVectors } from '../../../src/embedding/pool.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { textManifest } from '../../fixtures/text-model.ts'

const manifest: EmbeddingManifest = { ...textManifest, dimensions: 2, padId: 0, matryoshka: true, normalise: false }

/** Two texts of three places: the first has two tokens of its own, the second three. Padding is 99, to be seen where it leaks. */
const hidden: Tensor = {
  name: 'last_hidden_state',
  datatype: 'FP32',
  shape: [2, 3, 2],
  data: Float32Array.of(1, 2, 3, 6, 99, 99, 1, 0, 0, 0, 5, 6),
}
const lengths = [2, 3]

const pooled = (change: Partial<EmbeddingManifest>, output = hidden, wanted?: number) =>
  poolVectors({ ...manifest, ...change }, output, lengths, wanted).map((vector) => [...vector])

test.for<[string, Partial<EmbeddingManifest>, readonly (readonly number[])[]]>([
  [
    'mean',
    { pooling: 'mean' },
    [
      [2, 4],
      [2, 2],
    ],
  ],
  [
    'cls',
    { pooling: 'cls' },
    [
      [1, 2],
      [1, 0],
    ],
  ],
  [
    'last',
    { pooling: 'last' },
    [
      [3, 6],
      [5, 6],
    ],
  ],
])('%s -> of the own tokens only', ([, change, expected]) => {
  expect(pooled(change)).toEqual(expected)
})

test('none -> the vectors of the graph, in FP64 too', () => {
  const data = Float64Array.of(3, 4, 0, 0)
  const output: Tensor = { name: 'pooled', datatype: 'FP64', shape: [2, 2], data }
  expect(pooled({ pooling: 'none' }, output)).toEqual([
    [3, 4],
    [0, 0],
  ])
  // torch.nn.functional.normalize: x / max(|x|, 1e-12), so that zeros stay zeros.
  expect(pooled({ pooling: 'none', normalise: true }, output)).toEqual([
    [Math.fround(0.6), Math.fround(0.8)],
    [0, 0],
  ])
})

test('fewer dimensions -> the first ones, divided by their length', () => {
  expect(pooled({ pooling: 'last' }, hidden, 1)).toEqual([[1], [1]])
})

test.for<[string, Tensor]>([
  ['another rank', { ...hidden, shape: [2, 6] }],
  ['other dimensions', { ...hidden, shape: [2, 2, 3] }],
  ['a text too few', { ...hidden, shape: [1, 6, 2] }],
  ['whole numbers', { ...hidden, datatype: 'INT64', data: new BigInt64Array(12) }],
])('an output of %s -> refused with both shapes', ([, output]) => {
  expect(() => pooled({ pooling: 'mean' }, output)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/expected FP32 or FP64 \[2,\d+,2\], got/) }),
  )
})
