import type { Algorithm } from '../../task.ts'

/** What a fit is about: rows to learn from, features after preprocessing, margins; whether these are of classes. */
export type FitShape = {
  readonly rows: number
  readonly features: number
  readonly outputs: number
  readonly classes?: true
}

type Hyper = Readonly<Record<string, unknown>>

type Cost = {
  /** One iteration on one processor; all of a closed form. */
  readonly iterationNs: (shape: FitShape, hyper: Hyper) => number
  /** Iterations that a usual fit needs before it converges or stops early; without one it goes through all. */
  readonly usualIterations?: number
  /** What a round of halving cuts: iterations can be gone on with, rows cannot. */
  readonly halvedBy: 'iterations' | 'rows'
}

const numberOf = (given: unknown, usual: number): number => (typeof given === 'number' ? given : usual)

/** Sizes of a dense net's layers; those of its estimator's default where none are given. */
const usualHidden: readonly number[] = [64, 32]
const layersOf = ({ features, outputs }: FitShape, hidden: unknown): readonly number[] => [
  features,
  ...(Array.isArray(hidden) ? (hidden as readonly number[]) : usualHidden),
  outputs,
]

const weightsOf = (shape: FitShape, hidden: unknown): number => {
  const sizes = layersOf(shape, hidden)
  return sizes.slice(1).reduce((sum, size, layer) => sum + size * sizes[layer]!, 0)
}

/** Steps of an epoch: batches of 16 rows on small tables, 32 of them on middling ones, of 256 rows on large ones. */
const stepsOf = ({ rows }: FitShape): number => Math.max(Math.min(rows / 16, 32), rows / 256)

/** Bins that a tree looks at for one feature: all of a leaf's on large tables, on small ones those that its rows have. */
const usualLeaves = 31
const mostBins = 255
const placesOf = (rows: number, leaves: number): number => Math.min(leaves * mostBins, Math.log2(leaves + 1) * rows)

/** Of a tree over so many rows: what its rows suffice for. */
const leavesOf = (rows: number, leaves: unknown, usual: number, minRows: unknown, usualMinRows: number): number =>
  Math.max(2, Math.min(numberOf(leaves, usual), rows / numberOf(minRows, usualMinRows)))

const forestLeaves = 512
/** Of the rows a bootstrap sample has these. */
const sampledShare = 1 - 1 / Math.E

/**
 * Fitted to one thread's processor time on an AMD EPYC over 160, 800, 4,000 and 16,000 rows x 5, 20, 100 and 1,000
 * features x two to four shapes of each algorithm, and rounded up by about a half for a laptop's core that is shared:
 * half of those 330 fits took .69 of the estimate or less, nine of ten between .4 and 1.7. Gradient descent: 9 to 17 ns a
 * row and feature on 20,000 x 50.
 */
const costs: Readonly<Record<Algorithm, Cost>> = {
  linear: {
    iterationNs: ({ rows, features, outputs }, { solver, ridge }) => {
      if (solver === 'gradient-descent') return outputs * 10 * rows * features
      // With fewer rows than columns: by rows under a ridge, else QR.
      if (rows < features) return outputs * (numberOf(ridge, 0) > 0 ? 0.5 : 3) * rows ** 2 * features
      return outputs * features ** 2 * (0.4 * rows + 1.2 * features)
    },
    usualIterations: 1,
    halvedBy: 'rows',
  },
  logistic: {
    iterationNs: ({ rows, features, outputs }) => 250_000 + 3 * rows * features * outputs,
    usualIterations: 50,
    halvedBy: 'rows',
  },
  gbdt: {
    iterationNs: ({ rows, features, outputs }, { leaves, minRows }) => {
      const count = leavesOf(rows, leaves, usualLeaves, minRows, Math.max(5, Math.min(20, rows / 50)))
      return outputs * (150_000 + features * (0.9 * rows * Math.log2(count + 1) + 4.5 * placesOf(rows, count)))
    },
    usualIterations: 150,
    halvedBy: 'iterations',
  },
  forest: {
    iterationNs: ({ rows, features, outputs, classes }, { leaves, minRows, columns }) => {
      const count = leavesOf(rows * sampledShare, leaves, forestLeaves, minRows, classes ? 1 : 3)
      const drawn = numberOf(columns, classes ? features ** -0.5 : 1 / 3) * features
      const looked = 5 * drawn * placesOf(rows, count) + 25 * rows * Math.log2(count + 1)
      // Features are drawn anew for each leaf.
      return outputs * (250_000 + looked + 10 * features * count)
    },
    halvedBy: 'iterations',
  },
  mlp: {
    iterationNs: (shape, { hidden }) => {
      const weights = weightsOf(shape, hidden)
      const units = layersOf(shape, hidden).reduce((sum, size) => sum + size, 0)
      // The sums of a step, the update of its weights, and what its nodes take besides.
      const stepNs = 3 * weights + 15_000 * (layersOf(shape, hidden).length - 1)
      return shape.rows * (0.04 * weights + 2.5 * units) + stepsOf(shape) * stepNs
    },
    usualIterations: 40,
    halvedBy: 'iterations',
  },
}

export const halvedBy = (algorithm: Algorithm): Cost['halvedBy'] => costs[algorithm].halvedBy

/** What opening a table, transforming it and writing what was fitted takes besides: 20 ms on 500 rows, 85 on 160 x 1,000, 300 on 8,000 x 1,000. */
const partMs = ({ rows, features }: FitShape): number => 20 + 0.06 * features + 3e-5 * rows * features

const nsPerMs = 1e6

/** Of what goes through all of its iterations, where a request names none: trees of a forest, steps of descent. */
const iterationsOfAll = 200

/** Expected time of one fit on one processor; `share` of its full size, as a round of halving cuts it. */
export const fitMs = (algorithm: Algorithm, hyper: unknown, shape: FitShape, share = 1): number => {
  const { iterationNs, usualIterations } = costs[algorithm]
  const given = (hyper ?? {}) as Hyper // hyperparameters are plain objects
  // Descent goes through all of its iterations; the others end by themselves before.
  const all = given.solver === 'gradient-descent' ? undefined : usualIterations
  const iterations = numberOf(given.iterations, all ?? iterationsOfAll)
  return partMs(shape) + (share * Math.min(iterations, all ?? iterations) * iterationNs(shape, given)) / nsPerMs
}

/** Expected time of the longest piece of a fit that cannot be paused: one iteration, or all of a closed form. */
export const fitStepMs = (algorithm: Algorithm, hyper: unknown, shape: FitShape): number =>
  partMs(shape) + costs[algorithm].iterationNs(shape, (hyper ?? {}) as Hyper) / nsPerMs // plain objects

/** ONNX Runtime on one row: what a call takes at least, and for each kilobyte of graph. 74 KB of trees take 11 us (design/training.md). */
const rowMs = 0.005
const rowMsPerKb = 0.0001
const bytesPerKb = 1024

/** Expected time of one row through an exported graph of this size; the limit of latency decides by it. */
export const expectedLatencyMs = (sizeBytes: number): number => rowMs + (rowMsPerKb * sizeBytes) / bytesPerKb

const bytesPerNumber = 8
const floatBytes = 4
/** 74 KB for 100 trees of 31 leaves as TreeEnsemble v5 (design/training.md). */
const bytesPerLeaf = 24

/** Expected size of a model's own nodes in its exported graph; the limit of size drops trials by it before they are fitted. */
export const expectedSizeBytes = (algorithm: Algorithm, hyper: unknown, shape: FitShape): number => {
  const given = (hyper ?? {}) as Hyper // hyperparameters are plain objects
  const { features, outputs } = shape
  if (costs[algorithm].halvedBy === 'rows') return bytesPerNumber * (features + 1) * outputs
  if (algorithm === 'mlp') return floatBytes * weightsOf(shape, given.hidden)
  const trees = numberOf(given.iterations, costs[algorithm].usualIterations ?? iterationsOfAll)
  const leaves = numberOf(given.leaves, usualLeaves)
  return bytesPerLeaf * trees * leaves * outputs
}
