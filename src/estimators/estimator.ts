import type { Graph } from '../onnx/graph.ts'
import type { Algorithm, Task } from '../task.ts'
import type { Compute } from './compute.ts'

/** Row-major float64 [rows, columns]. */
export type Matrix = { readonly rows: number; readonly columns: number; readonly values: Float64Array }

/** Compressed sparse rows [rows, columns]: row i holds `values` at `places` from starts[i] up to starts[i + 1]. */
export type SparseMatrix = {
  readonly rows: number
  readonly columns: number
  readonly starts: Uint32Array
  readonly places: Uint32Array
  readonly values: Float64Array
}

/**
 * What the pipeline gives an estimator: a dense block and, behind its columns, a sparse one of text terms.
 * For estimators of the form `scaled` every value is finite. For `trees` NaN is a missing number, and a column with
 * levels[j] > 0 holds level numbers 0..levels[j] - 1, NaN for missing and unseen ones.
 */
export type Features = Matrix & {
  readonly sparse?: SparseMatrix
  readonly levels?: readonly number[]
  readonly sources?: readonly string[]
}

/** X [n, p]; y [n]: values, or class numbers 0..classes-1; weights [n], all 1 when absent. */
export type LabelledData = { readonly X: Features; readonly y: Float64Array; readonly weights?: Float64Array }

/** `watch`: rows that are not learned from; the loss on them tells when to stop. */
export type TrainingData = LabelledData & {
  /** Absent for regression. */
  readonly classes?: number
  readonly watch?: LabelledData
}

/** The loss at the start of iteration `iteration`, counted from 0; `watchLoss` that of the watched rows. */
export type FitEvent = { readonly iteration: number; readonly loss: number; readonly watchLoss?: number }

/**
 * Where a fit stands. Plain JSON: JSON.parse(JSON.stringify(state)) goes on bit-identically.
 * `best` is the number of iterations after which the watched rows' loss was least; `model` answers that state's model.
 */
export type FitState = {
  readonly status: 'fitting' | 'done'
  readonly iteration: number
  readonly best?: { readonly iterations: number; readonly loss: number }
}

/** When a step ends early: after `iterations`, or as soon as `stop` answers true between two iterations. */
export type Budget = { readonly iterations: number; readonly stop?: () => boolean }

/** Margins of all our linear models: X W' + b. Plain JSON. weights [outputs][p], intercepts [outputs]. */
export type LinearModel = {
  readonly weights: readonly (readonly number[])[]
  readonly intercepts: readonly number[]
}

/** A fit under way over one table: what is derived from the data (bins, a compiled graph) is made once, by `open`. */
export type Fitting<State extends FitState = FitState> = {
  readonly start: () => State | Promise<State>
  /** Goes on from `state`. The same arguments give the same bits; the argument is not changed. */
  readonly step: (
    state: State,
    budget: Budget,
  ) => Promise<{ readonly state: State; readonly events: readonly FitEvent[] }>
  /** Gives back workers and native memory. */
  readonly close: () => Promise<void>
}

/**
 * One learning algorithm. Hyperparameters first, data only in `open`.
 * A model answers margins [n, outputs], before the link of the task (src/run/blend/link.ts): for regression the value or its
 * logarithm, for two classes one log odds, for K classes K scores of a softmax.
 */
export type Estimator<Hyper = unknown, State extends FitState = FitState, Model = unknown> = {
  readonly name: Algorithm
  readonly tasks: readonly Task[]
  /** Which form of the pipeline it learns from: imputed, scaled and one-hot; or raw numbers and level numbers. */
  readonly form: 'scaled' | 'trees'
  /** Whether it learns from the sparse block; if not, texts are a few dense terms. */
  readonly sparse?: true
  /** Fills in defaults. Throws BAD_RUN with the field's name. */
  readonly hyper: (given: unknown) => Hyper
  /** Hyperparameters of a fit without watched rows that ends after `iterations`, as cross-validation found best. */
  readonly fixed: (hyper: Hyper, iterations: number) => Hyper
  /** The link between margins and answers: `log` where the loss is about the logarithm of the mean. */
  readonly link: (hyper: Hyper) => 'identity' | 'log'
  /** Throws BAD_TABLE for no rows, values that are not finite, or fewer than two classes. */
  readonly open: (hyper: Hyper, data: TrainingData, compute: Compute) => Promise<Fitting<State>>
  /** The model of a state; plain JSON. */
  readonly model: (state: State) => Model
  readonly margins: (model: Model, X: Features) => Matrix
  /**
   * Adds the model to a graph -> the name of float64 [n, outputs] margins. `features` is [n, p], the dense block and
   * then the terms: float64 for `scaled`; for `trees` float32, or float64 where `wide`.
   */
  readonly toGraph: (model: Model, graph: Graph, features: GraphFeatures) => string
}

/** A pipeline's features in a graph, and their number. */
export type GraphFeatures = { readonly name: string; readonly columns: number; readonly wide: boolean }
