import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Matrix } from '../../../src/estimators/estimator.ts'
import { boostedMargins } from '../../../src/estimators/trees/model.ts'
import { goesLeft, type TreeModel } from '../../../src/estimators/trees/tree.ts'
import type { ExplainTree } from '../../../src/explain/explain-tree.ts'
import { interventionalInteractions, interventionalValues, treesSums } from '../../../src/explain/interventional.ts'
import { modelTrees } from '../../../src/explain/model-trees.ts'
import { expectedByCover, pathDependentInteractions, pathDependentValues } from '../../../src/explain/path-dependent.ts'
import { type Game, interactions, shapley } from './brute-force.ts'
import { madeModel, madeRows } from './made-trees.ts'

const rowOf = ({ columns, values }: Matrix, row: number): Float64Array =>
  values.subarray(row * columns, (row + 1) * columns)

/** Lundberg et al. (2018), algorithm 1: an absent feature sends the row down both sides. */
const coverGame =
  (trees: readonly ExplainTree[], x: Float64Array): Game =>
  (mask) =>
    trees.reduce((sum, tree) => {
      const { nodes, leaves } = tree.cover!
      const rowsAt = (at: number): number => (at < 0 ? leaves[~at]! : nodes[at]!)
      const go = (at: number): number => {
        if (at < 0) return tree.value[~at]!
        const [left, right] = [tree.left[at]!, tree.right[at]!]
        const feature = tree.feature[at]!
        if (mask & (1 << feature)) return go(goesLeft(tree, at, x[feature]!) ? left : right)
        return (rowsAt(left) * go(left) + rowsAt(right) * go(right)) / rowsAt(at)
      }
      return sum + (tree.feature.length === 0 ? tree.value[0]! : go(0))
    }, 0)

/** Absent columns, which may have several features, are a background row's. */
const backgroundGame = (
  model: TreeModel,
  x: Float64Array,
  background: Matrix,
  weights: Float64Array,
  columnOf: Int32Array,
): Game => {
  const features = x.length
  return (mask) => {
    const values = background.values.map((value, at) =>
      mask & (1 << columnOf[at % features]!) ? x[at % features]! : value,
    )
    return boostedMargins(model, { ...background, values }).values.reduce(
      (sum, margin, row) => sum + weights[row]! * margin,
      0,
    )
  }
}

const most = (got: ArrayLike<number>, expected: ArrayLike<number>): number =>
  Array.from(got, (value, at) => Math.abs(value - expected[at]!)).reduce((a, b) => Math.max(a, b), 0)

const cases = [
  { features: 3, trees: 1, leaves: 2 },
  { features: 4, trees: 3, leaves: 12 },
  { features: 7, trees: 4, leaves: 40 },
  { features: 10, trees: 2, leaves: 60 },
] as const

test.for(cases)(
  'given $trees trees over $features features, path-dependent values and interactions are those of all subsets',
  ({ features, trees, leaves }) => {
    const model = madeModel(features, features, trees, leaves)
    const [own] = modelTrees(model)
    const X = madeRows(1, model, 9)
    const phi = pathDependentValues(own!, X)
    const players = { columns: features, columnOf: Int32Array.from({ length: features }, (_, f) => f) }
    const pairs = pathDependentInteractions(own!, X, players)
    for (let row = 0; row < X.rows; row++) {
      const game = coverGame(own!, rowOf(X, row))
      expect(most(rowOf({ ...X, values: phi }, row), shapley(features, game))).toBeLessThan(1e-9)
      expect(Math.abs(game(0) - expectedByCover(own!))).toBeLessThan(1e-9)
      if (features > 7) continue
      const expected = interactions(features, game).map((line, i) => line.map((value, j) => (i === j ? 0 : value)))
      expect(most(pairs.subarray(row * features ** 2, (row + 1) * features ** 2), expected.flat())).toBeLessThan(1e-9)
    }
  },
)

test.for(
  cases.flatMap((one) => [
    { ...one, grouped: false },
    { ...one, grouped: true },
  ]),
)(
  'given $trees trees over $features features, grouped: $grouped, interventional values and interactions are those of all subsets of columns',
  ({ features, trees, leaves, grouped }) => {
    const model = madeModel(10 + features, features, trees, leaves)
    const [own] = modelTrees(model)
    const X = madeRows(2, model, 3)
    const background = { X: madeRows(3, model, 6), weights: Float64Array.of(0.3, 0.1, 0.2, 0.05, 0.05, 0.3) }
    const columnOf = Int32Array.from({ length: features }, (_, f) => (grouped ? f >> 1 : f))
    const columns = columnOf.at(-1)! + 1
    const phi = interventionalValues(own!, X, background, { columns, columnOf })
    const pairs = interventionalInteractions(own!, X, background, { columns, columnOf })
    for (let row = 0; row < X.rows; row++) {
      const game = backgroundGame(model, rowOf(X, row), background.X, background.weights, columnOf)
      expect(most(phi.subarray(row * columns, (row + 1) * columns), shapley(columns, game))).toBeLessThan(1e-9)
      if (columns > 7) continue
      const expected = interactions(columns, game).map((line, i) => line.map((value, j) => (i === j ? 0 : value)))
      expect(most(pairs.subarray(row * columns ** 2, (row + 1) * columns ** 2), expected.flat())).toBeLessThan(1e-9)
    }
  },
)

const madeUp = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  features: fc.integer({ min: 1, max: 8 }),
  trees: fc.integer({ min: 1, max: 4 }),
  leaves: fc.integer({ min: 1, max: 30 }),
})

/** Both kinds of values of a model's rows, with what they begin at. */
const bothKinds = (model: TreeModel) => {
  const [own] = modelTrees(model)
  const X = madeRows(4, model, 3)
  const background = { X: madeRows(5, model, 4), weights: Float64Array.of(0.25, 0.25, 0.4, 0.1) }
  const players = { columns: X.columns, columnOf: Int32Array.from({ length: X.columns }, (_, f) => f) }
  const byBackground = treesSums(own!, background.X).reduce(
    (sum, value, row) => sum + background.weights[row]! * value,
    0,
  )
  return {
    X,
    sums: treesSums(own!, X),
    kinds: [
      { base: expectedByCover(own!), phi: pathDependentValues(own!, X) },
      { base: byBackground, phi: interventionalValues(own!, X, background, players) },
    ],
  }
}

test('given any trees, values add up to the prediction less the base (additivity)', () => {
  fc.assert(
    fc.property(madeUp, ({ seed, features, trees, leaves }) => {
      const { X, sums, kinds } = bothKinds(madeModel(seed, features, trees, leaves))
      for (const { base, phi } of kinds)
        for (let row = 0; row < X.rows; row++)
          expect(
            Math.abs(rowOf({ ...X, values: phi }, row).reduce((sum, value) => sum + value, base) - sums[row]!),
          ).toBeLessThan(1e-9)
    }),
    { numRuns: 50 },
  )
})

test('given a feature that no tree asks for, its value is 0 (dummy)', () => {
  fc.assert(
    fc.property(madeUp, ({ seed, features, trees, leaves }) => {
      const model = madeModel(seed, features, trees, leaves)
      const wider = { ...model, columns: features + 1, levels: [...model.levels, 0] }
      const { X, kinds } = bothKinds(wider)
      for (const { phi } of kinds)
        for (let row = 0; row < X.rows; row++) expect(phi[row * (features + 1) + features]).toBe(0)
    }),
    { numRuns: 50 },
  )
})

test('given a model with its features in another order, values change places with them (symmetry)', () => {
  fc.assert(
    fc.property(madeUp, ({ seed, features, trees, leaves }) => {
      // Features of one kind, so that a mirrored model has the same levels.
      const model = { ...madeModel(seed, 2, trees, leaves), levels: new Array(features).fill(0), columns: features }
      const spread = {
        ...model,
        trees: model.trees.map((tree) => ({ ...tree, feature: tree.feature.map((f) => f % features) })),
      }
      const mirrored = {
        ...spread,
        trees: spread.trees.map((tree) => ({ ...tree, feature: tree.feature.map((f) => features - 1 - f) })),
      }
      const mirror = (matrix: Matrix): Matrix => ({
        ...matrix,
        values: matrix.values.map((_, at) => {
          const [row, f] = [Math.floor(at / features), at % features]
          return matrix.values[row * features + features - 1 - f]!
        }),
      })
      const players = { columns: features, columnOf: Int32Array.from({ length: features }, (_, f) => f) }
      const X = madeRows(4, spread, 3)
      const background = madeRows(5, spread, 4)
      const weights = new Float64Array(4).fill(0.25)
      const ofOrder = (own: TreeModel, rows: Matrix, others: Matrix) => [
        pathDependentValues(modelTrees(own)[0]!, rows),
        interventionalValues(modelTrees(own)[0]!, rows, { X: others, weights }, players),
      ]
      const [straight, turned] = [ofOrder(spread, X, background), ofOrder(mirrored, mirror(X), mirror(background))]
      straight.forEach((phi, kind) => {
        expect(most(mirror({ ...X, values: turned[kind]! }).values, phi)).toBeLessThan(1e-9)
      })
    }),
    { numRuns: 50 },
  )
})

test('given two models, the values of their weighted sum are the weighted sum of their values (linearity)', () => {
  fc.assert(
    fc.property(madeUp, fc.double({ min: -3, max: 3, noNaN: true }), ({ seed, features, trees, leaves }, weight) => {
      const [a, b] = [madeModel(seed, features, trees, leaves), madeModel(seed + 1, features, trees, leaves)]
      const scaled = b.trees.map((tree) => ({ ...tree, value: tree.value.map((value) => weight * value) }))
      const [first, second, both] = [a, b, { ...a, trees: [...a.trees, ...scaled] }].map(
        (model) => bothKinds(model).kinds,
      )
      both!.forEach(({ phi }, kind) => {
        const expected = first![kind]!.phi.map((value, at) => value + weight * second![kind]!.phi[at]!)
        expect(most(phi, expected)).toBeLessThan(1e-9)
      })
    }),
    { numRuns: 50 },
  )
})
