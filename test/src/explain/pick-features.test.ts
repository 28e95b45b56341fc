import { expect, test } from 'vitest'
import { pickFeatures } from '../../../src/explain/pick-features.ts'

test('given dense features and terms, some rows in another order keep both', () => {
  const X = {
    ...{ rows: 3, columns: 2, values: Float64Array.of(1, 2, 3, 4, 5, 6) },
    sparse: {
      ...{ rows: 3, columns: 9, starts: Uint32Array.of(0, 2, 2, 5) },
      ...{ places: Uint32Array.of(1, 7, 0, 2, 8), values: Float64Array.of(0.1, 0.7, 1, 1.2, 1.8) },
    },
  }
  expect(pickFeatures(X, Uint32Array.of(2, 1, 0))).toEqual({
    ...{ rows: 3, columns: 2, values: Float64Array.of(5, 6, 3, 4, 1, 2) },
    sparse: {
      ...{ rows: 3, columns: 9, starts: Uint32Array.of(0, 3, 3, 5) },
      ...{ places: Uint32Array.of(0, 2, 8, 1, 7), values: Float64Array.of(1, 1.2, 1.8, 0.1, 0.7) },
    },
  })
})
