import { expect, test } from 'vitest'
import { expectedByCover, pathDependentInteractions, pathDependentValues } from '../../../src/explain/path-dependent.ts'
import { explainTree, xgboostFixture } from './xgboost.ts'

const { rows, columns, X, models } = xgboostFixture()
const table = { rows, columns, values: Float64Array.from(X, (value) => value ?? Number.NaN) }

/** Of the largest contribution; xgboost adds in float32. */
const tolerance = 1e-5

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

test.for(models)(
  'given the trees of $objective, contributions and interactions are xgboost 1.7 pred_contribs and pred_interactions',
  ({ classes, trees, baseScore, objective, contributions, interactions }) => {
    const width = columns + 1
    const base = objective === 'binary:logistic' ? Math.log(baseScore / (1 - baseScore)) : baseScore
    for (let k = 0; k < classes; k++) {
      const own = trees.filter((_, number) => number % classes === k).map(explainTree)
      const phi = pathDependentValues(own, table)
      const expected = base + expectedByCover(own)
      let off = 0
      for (let row = 0; row < rows; row++) {
        const theirs = contributions.slice((row * classes + k) * width, (row * classes + k + 1) * width)
        for (let j = 0; j < columns; j++) off = Math.max(off, Math.abs(phi[row * columns + j]! - theirs[j]!))
        off = Math.max(off, Math.abs(expected - theirs[columns]!))
      }
      expect(off / largest(contributions)).toBeLessThan(tolerance)

      const few = interactions.length / (classes * width * width)
      const players = { columns, columnOf: Int32Array.from({ length: columns }, (_, f) => f) }
      const pairs = pathDependentInteractions(own, { ...table, rows: few }, players)
      let pairsOff = 0
      for (let row = 0; row < few; row++)
        for (let i = 0; i < columns; i++)
          for (let j = 0; j < columns; j++) {
            const theirs = interactions[((row * classes + k) * width + i) * width + j]!
            if (i !== j) pairsOff = Math.max(pairsOff, Math.abs(pairs[(row * columns + i) * columns + j]! - theirs))
          }
      expect(pairsOff / largest(interactions)).toBeLessThan(tolerance)
    }
  },
)
