import * as z from 'zod'
import type { Graph } from '../onnx/graph.ts'
import type { Compute } from './compute.ts'
import type { Estimator, FitState, Fitting, GraphFeatures, TrainingData } from './estimator.ts'
import { hyperparameters } from './hyperparameters.ts'
import { checkTrainingData } from './training-data.ts'
import { baseOf } from './trees/base.ts'
import { type ForestModel, forestMargins, leastShare, treesEach } from './trees/forest-margins.ts'
import { openBench, resetMargins } from './trees/open.ts'
import { type Bench, growTree, packGradients } from './trees/rounds.ts'
import { bootstrapCounts, draw, randomOf } from './trees/sample.ts'
import { columnsOf, levelsOf } from './trees/table.ts'
import type { Tree } from './trees/tree.ts'
import { ensembleNode } from './trees/tree-graph.ts'
import { weighedRows } from './trees/weighed-rows.ts'

const schema = z.strictObject({
  /** Trees, of each class where there are more than two. */
  iterations: z.int().positive().default(200),
  leaves: z.int().min(2).max(65_536).default(512),
  /** Cuts between the root and a leaf. */
  depth: z.int().positive().optional(),
  /** Rows of a leaf: 1 for classes, 3 for regression. */
  minRows: z.int().positive().optional(),
  /** Share of the features that each node may be cut by: the root of their number for classes, a third for regression. */
  columns: z.number().positive().max(1).optional(),
  categoryRows: z.int().positive().default(10),
  categorySmoothing: z.number().nonnegative().default(10),
  seed: z.int().nonnegative().default(0),
})

export type ForestHyper = z.infer<typeof schema>

export type ForestState = FitState & ForestModel

/**
 * Random forest on the histograms of boosted trees. Breiman (2001). Trees answer the mean of their rows' targets less that
 * of all rows; for classes a target is whether a row is of the class, so that a mean is a share. Margins are the logit or,
 * of more than two classes, the logarithm of the averaged share. It has no loss that falls, so it tells none.
 */
export const forest: Estimator<ForestHyper, ForestState, ForestModel> = {
  name: 'forest',
  tasks: ['regression', 'binary', 'multiclass'],
  form: 'trees',
  hyper: (given) => hyperparameters('forest', schema, given),
  fixed: (hyper) => hyper,
  link: () => 'identity',
  open: async (hyper, data, compute) => openFitting(hyper, data, compute),
  model: ({ columns, levels, base, trees, classes }) => ({ columns, levels, base, trees, classes }),
  margins: forestMargins,
  toGraph: (model, graph, features) => marginNodes(model, graph, features),
}

const openFitting = async (
  hyper: ForestHyper,
  given: TrainingData,
  compute: Compute,
): Promise<Fitting<ForestState>> => {
  checkTrainingData(given, 'training', 'missing allowed')
  const data = weighedRows(given)
  const classes = data.classes ?? 0
  const outputs = classes > 2 ? classes : 1
  const loss = { name: 'mean' } as const
  const base = baseOf(loss, data, outputs)
  const { bench, close } = await openBench(data, undefined, { ...optionsOf(hyper, classes), loss, outputs }, compute)
  resetMargins(bench, base)
  return {
    start: () => ({
      ...{ status: 'fitting', iteration: 0, columns: columnsOf(data.X), levels: levelsOf(data.X) },
      ...{ base, trees: [], classes },
    }),
    step: async (state, budget) => {
      const trees = [...state.trees]
      let { iteration } = state
      for (let spent = 0; spent < budget.iterations && iteration < hyper.iterations; spent++) {
        trees.push(...treesOf(bench, hyper, iteration, data.weights, classes))
        iteration += 1
        if (budget.stop?.()) break
      }
      const status = iteration >= hyper.iterations ? 'done' : 'fitting'
      return { state: { ...state, status, iteration, trees }, events: [] }
    },
    close,
  }
}

const regressionRows = 3 // between scikit-learn's 1 and R's 5
const regressionColumns = 1 / 3 // Breiman's choice, R's default

const optionsOf = (hyper: ForestHyper, classes: number) => ({
  leaves: hyper.leaves,
  limits: {
    ...{ minRows: hyper.minRows ?? (classes > 0 ? 1 : regressionRows), minHessian: 0, minGain: 0, l2: 0 },
    ...{ categoryRows: hyper.categoryRows, categorySmoothing: hyper.categorySmoothing },
  },
  monotone: [],
  reuse: false,
  weighted: true,
})

/** The trees of one bootstrap sample, one for each output. */
const treesOf = (
  bench: Bench,
  hyper: ForestHyper,
  round: number,
  weights: Float64Array | undefined,
  classes: number,
): readonly Tree[] => {
  const { plan, f64, u8 } = bench.machine
  const counts = bootstrapCounts(randomOf(hyper.seed, round), plan.rows)
  const sample = Uint32Array.from(counts.keys().filter((row) => counts[row]! > 0))
  const place = plan.at.weights / 8
  for (let i = 0; i < plan.rows; i++) f64[place + i] = counts[i]! * (weights?.[i] ?? 1)
  const share = hyper.columns ?? (classes > 0 ? 1 / Math.sqrt(plan.features) : regressionColumns)
  const columns = Math.max(1, Math.round(share * plan.features))
  return Array.from({ length: plan.outputs }, (_, k) => {
    const random = randomOf(hyper.seed, round * plan.outputs + k, 1)
    const choose = (): void => {
      u8.fill(0, plan.at.active, plan.at.active + plan.features)
      for (const j of draw(random, plan.features, columns)) u8[plan.at.active + j] = 1
    }
    const { scales } = packGradients(bench, k, sample)
    const growth = { leaves: hyper.leaves, depth: hyper.depth ?? Number.POSITIVE_INFINITY, choose }
    return growTree(bench, sample, scales, growth, 1).tree
  })
}

const marginNodes = (model: ForestModel, graph: Graph, features: GraphFeatures): string => {
  const scalar = (value: number): string => graph.constant('FP64', [], Float64Array.of(value))
  const base = graph.constant('FP64', [1, model.base.length], Float64Array.from(model.base))
  const mean = graph.node('Add', [
    graph.node('Div', [ensembleNode(model, graph, features), scalar(treesEach(model))]),
    base,
  ])
  if (model.classes === 0) return mean
  const least = leastShare(model)
  const share = graph.node('Min', [graph.node('Max', [mean, scalar(least)]), scalar(1 - least)])
  const logarithm = graph.node('Log', [share])
  if (model.classes > 2) return logarithm
  return graph.node('Sub', [logarithm, graph.node('Log', [graph.node('Sub', [scalar(1), share])])])
}
