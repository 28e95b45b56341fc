import type { Algorithm } from './run.ts'

/** What a fit is about: rows to learn from, features after preprocessing, margins. */
export type FitShape = { readonly rows: number; readonly features: number; readonly outputs: number }

type Cost = {
  /** What one unit of work takes on one processor. */
  readonly nsPerUnit: number
  /** Iterations that a usual fit needs before it converges or stops early. */
  readonly usualIterations: number
  /** Units of one iteration. */
  readonly units: (shape: FitShape, hyper: Readonly<Record<string, unknown>>) => number
  /** What a round of halving cuts: iterations can be gone on with, rows cannot. */
  readonly halvedBy: 'iterations' | 'rows'
}

const perFeature = ({ rows, features, outputs }: FitShape): number => rows * features * outputs

/** Weights of a dense net, layer by layer; the sizes are those of its estimator's default where none are given. */
const usualHidden: readonly number[] = [64, 32]
const weightsOf = ({ features, outputs }: FitShape, hidden: unknown): number => {
  const sizes = [features, ...(Array.isArray(hidden) ? (hidden as readonly number[]) : usualHidden), outputs]
  return sizes.slice(1).reduce((sum, size, layer) => sum + size * sizes[layer]!, 0)
}

/**
 * Measured on a laptop's core at 2.x GHz, shared with others, so that the estimate is rather too long:
 * linear and logistic on 20,000 x 20 and x 50 (closed form 2 to 19 ns, descent 9 to 17 ns, L-BFGS 17 to 57 ns a unit);
 * gbdt 500,000 x 50, 100 trees of 31 leaves in 8.7 s with two threads (3.5 ns a unit, 6 with one); mlp 50-128-64-1 at
 * about 10 GFlop/s, 6 operations a weight and row. The last two are the prototypes' of design/training.md.
 */
const costs: Readonly<Record<string, Cost>> = {
  linear: {
    nsPerUnit: 10,
    usualIterations: 1,
    units: (shape, { solver }) => perFeature(shape) * (solver === 'gradient-descent' ? 1 : shape.features),
    halvedBy: 'rows',
  },
  logistic: { nsPerUnit: 25, usualIterations: 50, units: perFeature, halvedBy: 'rows' },
  gbdt: { nsPerUnit: 6, usualIterations: 150, units: perFeature, halvedBy: 'iterations' },
  forest: { nsPerUnit: 6, usualIterations: 150, units: perFeature, halvedBy: 'iterations' },
  mlp: {
    nsPerUnit: 0.6,
    usualIterations: 40,
    units: (shape, { hidden }) => shape.rows * weightsOf(shape, hidden),
    halvedBy: 'iterations',
  },
}

/** An algorithm that has no row yet is taken to be as slow as the slowest. */
const unknownCost: Cost = { nsPerUnit: 25, usualIterations: 150, units: perFeature, halvedBy: 'rows' }

const costOf = (algorithm: Algorithm): Cost => costs[algorithm] ?? unknownCost

export const halvedBy = (algorithm: Algorithm): Cost['halvedBy'] => costOf(algorithm).halvedBy

/** What opening a table and writing what was fitted takes, whatever its size. Measured on 500 rows. */
const partMs = 20

const nsPerMs = 1e6

/** Expected time of one fit on one processor; `share` of its full size, as a round of halving cuts it. */
export const fitMs = (algorithm: Algorithm, hyper: unknown, shape: FitShape, share = 1): number => {
  const { nsPerUnit, usualIterations, units } = costOf(algorithm)
  const given = (hyper ?? {}) as Readonly<Record<string, unknown>> // hyperparameters are plain objects
  // Descent goes through all of its iterations; the others end by themselves before.
  const all = given.solver === 'gradient-descent'
  const iterations = typeof given.iterations === 'number' ? given.iterations : usualIterations
  const expected = all ? iterations : Math.min(iterations, usualIterations)
  return partMs + (share * expected * units(shape, given) * nsPerUnit) / nsPerMs
}

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
const usualLeaves = 31

/** Expected size of a model's own nodes in its exported graph; the limit of size drops trials by it before they are fitted. */
export const expectedSizeBytes = (algorithm: Algorithm, hyper: unknown, shape: FitShape): number => {
  const given = (hyper ?? {}) as Readonly<Record<string, unknown>> // hyperparameters are plain objects
  const { features, outputs } = shape
  if (costOf(algorithm).halvedBy === 'rows') return bytesPerNumber * (features + 1) * outputs
  if (String(algorithm) === 'mlp') return floatBytes * weightsOf(shape, given.hidden)
  const trees = typeof given.iterations === 'number' ? given.iterations : costOf(algorithm).usualIterations
  const leaves = typeof given.leaves === 'number' ? given.leaves : usualLeaves
  return bytesPerLeaf * trees * leaves * outputs
}
