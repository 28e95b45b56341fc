import { expect, test } from 'vitest'
import { runGraph } from '../../../adapters/runs/run-graph.ts'
import { treeNodes } from '../../../src/estimators/trees/tree-graph.ts'
import { graphTrees } from '../../../src/explain/graph-trees.ts'
import { treesSums } from '../../../src/explain/interventional.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import { createRandom } from '../../../src/random.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { shapley } from './brute-force.ts'
import { explaining } from './explained.ts'
import { madeModel, madeRows } from './made-trees.ts'
import { classifier, file, nodesOf, regressor } from './stranger-files.ts'
import { explainTree, xgboostFixture } from './xgboost.ts'

const { rows, columns, X, models } = xgboostFixture()
const given: Tensor = {
  ...{ name: 'x', datatype: 'FP32', shape: [rows, columns] },
  data: Float32Array.from(X, (value) => value ?? Number.NaN),
}

const explained = (bytes: Uint8Array) => {
  const trees = graphTrees(bytes)
  return explaining(bytes, { signature: inspectOnnx(bytes).signature, ...(trees && { trees }) })
}

const marginGame =
  (own: readonly ReturnType<typeof explainTree>[], row: number, others: readonly number[]) =>
  (mask: number): number => {
    const values = Float64Array.from({ length: others.length * columns }, (_, at) => {
      const from = mask & (1 << (at % columns)) ? row : others[Math.floor(at / columns)]!
      return given.data[from * columns + (at % columns)] as number
    })
    return (
      treesSums(own, { rows: others.length, columns, values }).reduce((sum, value) => sum + value, 0) / others.length
    )
  }

const strangers = [
  {
    name: 'TreeEnsembleRegressor',
    bytes: regressor(models[0]!.trees, models[0]!.baseScore),
    output: 'value',
    classes: 1,
    model: 0,
  },
  {
    name: 'TreeEnsembleClassifier of two',
    bytes: classifier(models[1]!.trees, 2, 'LOGISTIC'),
    output: 'margin',
    classes: 1,
    model: 1,
  },
  {
    name: 'TreeEnsembleClassifier of three',
    bytes: classifier(models[2]!.trees, 3, 'SOFTMAX'),
    output: 'margin',
    classes: 3,
    model: 2,
  },
] as const

test.for(strangers)(
  "given a stranger's $name, its trees are taken apart: interventional values of all subsets",
  async ({ bytes, output, classes, model }) => {
    const others = [5, 6, 7, 8]
    const pick = (which: readonly number[]): Tensor => ({
      ...given,
      shape: [which.length, columns],
      data: Float32Array.from(
        which.flatMap((row) => Array.from((given.data as Float32Array).subarray(row * columns, (row + 1) * columns))),
      ),
    })
    const explanation = await explained(bytes)({ inputs: [pick([0, 1, 2])], background: [pick(others)] })
    expect(explanation).toMatchObject({ method: 'tree-interventional', output })
    const { trees, margins } = models[model]!
    for (const [row, own] of explanation.rows.entries()) {
      const k = classes === 1 ? 0 : Number(own.class)
      const score = trees.filter((_, number) => number % classes === k).map(explainTree)
      const expected = shapley(columns, marginGame(score, row, others))
      expected.forEach((value, j) => {
        expect(Math.abs(own.contributions[j]!.contribution - value)).toBeLessThan(1e-6)
      })
      expect(Math.abs(own.prediction - margins[row * classes + k]!)).toBeLessThan(1e-4)
      expect(own.contributions[3]!.name).toBe('x[3]')
    }
  },
)

test.for(['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE', 'BRANCH_EQ', 'BRANCH_NEQ'])(
  'given nodes of %s, rows go where ONNX Runtime sends them, missing ones too',
  async (mode) => {
    // Whole numbers, so that values meet thresholds.
    const random = createRandom(3)
    const whole = models[0]!.trees.map((tree) => ({
      ...tree,
      condition: tree.condition.map((value, node) => (tree.left[node] === -1 ? value : Math.floor(random() * 3))),
    }))
    const bytes = regressor(whole, 0.5, mode)
    const data = Float32Array.from({ length: 400 * columns }, () =>
      random() < 0.1 ? Number.NaN : Math.floor(random() * 3),
    )
    const [answers] = await runGraph(1)(bytes, [{ ...given, shape: [400, columns], data }], ['y'])
    const trees = graphTrees(bytes)!
    const sums = treesSums(trees.scores[0]!, { rows: 400, columns, values: Float64Array.from(data) })
    sums.forEach((sum, row) => {
      expect(Math.abs(sum + trees.base[0]! - Number(answers!.data[row]))).toBeLessThan(1e-4)
    })
  },
)

test("given a forest whose leaves say each class's share, it is taken apart as probabilities; an average as values", async () => {
  const { trees } = models[1]!
  const leaves = trees.flatMap((tree, number) =>
    tree.left.flatMap((left, node) => (left === -1 ? [0, 1, 2].map((k) => ({ k, number, node })) : [])),
  )
  const share = ({ k, number, node }: (typeof leaves)[number]): number => (1 + ((7 * node + 3 * number + k) % 5)) / 300
  const attributes = {
    ...nodesOf(trees, 'BRANCH_LEQ'),
    class_ids: { ints: leaves.map(({ k }) => k) },
    class_treeids: { ints: leaves.map(({ number }) => number) },
    class_nodeids: { ints: leaves.map(({ node }) => node) },
    class_weights: { floats: leaves.map(share) },
    classlabels_int64s: { ints: [4, 5, 6] },
    post_transform: { string: 'NONE' },
  }
  const forest = file({ operator: 'TreeEnsembleClassifier', outputs: ['label', 'scores'], attributes }, columns)
  const average = regressor(trees, 3, 'BRANCH_LT', { aggregate_function: { string: 'AVERAGE' } })
  for (const [bytes, output] of [
    [forest, 'probability'],
    [average, 'value'],
  ] as const) {
    const explanation = await explained(bytes)({ inputs: [given], ...(output === 'probability' && { class: 5 }) })
    expect(explanation).toMatchObject({ method: 'tree-interventional', output })
    for (const row of explanation.rows) {
      expect(Math.abs(row.prediction - row.answer)).toBeLessThan(1e-5)
      expect(row.additivityError).toBeLessThan(1e-9)
    }
  }
})

test('given a graph of ours without its manifest, levels and all, inputs of one column each are joined', async () => {
  const model = madeModel(4, 6, 8, 12)
  const graph = createGraph('ours')
  const names = model.levels.map((_, j) => graph.input(`c${j}`, 'FP32', [-1, 1]))
  const joined = graph.node('Concat', names, { attributes: { axis: { int: 1 } } })
  graph.output(
    graph.node('Identity', [treeNodes(model, graph, { name: joined, columns: 6, wide: false })], { output: 'y' }),
    'FP64',
    [-1, 1],
  )
  const bytes = graph.toBytes()
  const { values } = madeRows(9, model, 40)
  const inputs = names.map(
    (name, j): Tensor => ({
      ...{ name, datatype: 'FP32', shape: [40, 1] },
      data: Float32Array.from({ length: 40 }, (_, row) => values[row * 6 + j]!),
    }),
  )
  const explanation = await explained(bytes)({ inputs })
  expect(explanation).toMatchObject({
    method: 'tree-interventional',
    output: 'value',
    background: { kind: 'zeros', rows: 1 },
  })
  for (const row of explanation.rows) expect(Math.abs(row.prediction - row.answer)).toBeLessThan(1e-5)
})

test('given what does not add up, or is no tree, a graph is explained by permutation', async () => {
  const { trees, baseScore } = models[0]!
  for (const more of [{ aggregate_function: { string: 'MAX' } }, { post_transform: { string: 'PROBIT' } }])
    expect(graphTrees(regressor(trees, baseScore, 'BRANCH_LT', more))).toBeUndefined()
  const [tree] = trees
  // A node that is its own child; one that two nodes point to.
  for (const left of [
    tree!.left.map((child, node) => (node === 0 ? 0 : child)),
    tree!.left.map((child, node) => (node === 1 ? 2 : child)),
  ])
    expect(graphTrees(regressor([{ ...tree!, left }], baseScore))).toBeUndefined()
  const graph = createGraph('squares')
  const x = graph.input('x', 'FP32', [-1, columns])
  graph.output(graph.node('Mul', [x, x], { output: 'y' }), 'FP32', [-1, columns])
  expect(graphTrees(graph.toBytes())).toBeUndefined()
})

test('given a file whose trees were read in another way than it runs, the answers tell, and it is asked instead', async () => {
  const { trees, baseScore } = models[0]!
  const bytes = regressor(trees, baseScore)
  const read = graphTrees(bytes)!
  const wrong = { ...read, base: [read.base[0]! + 1] }
  const explain = explaining(bytes, { signature: inspectOnnx(bytes).signature, trees: wrong })
  const { method, output } = await explain({ inputs: [given], budget: 256 })
  expect({ method, output }).toEqual({ method: 'permutation', output: 'value' })
})
