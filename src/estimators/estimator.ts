import type { Graph } from '../onnx/graph.ts'
import type { Algorithm, Task } from '../run/run.ts'

/** Row-major float64 [rows, columns]. */
export type Matrix = { readonly rows: number; readonly columns: number; readonly values: Float64Array }

/** X [n, p]; y [n]: values, or class numbers 0..classes-1; weights [n], all 1 when absent. */
export type TrainingData = {
  readonly X: Matrix
  readonly y: Float64Array
  readonly weights?: Float64Array
  /** Absent for regression. */
  readonly classes?: number
}

/** The loss at the start of iteration `iteration`, counted from 0. */
export type FitEvent = { readonly iteration: number; readonly loss: number }

/** Where a fit stands. Plain JSON: JSON.parse(JSON.stringify(state)) goes on bit-identically. */
export type FitState = { readonly status: 'fitting' | 'done'; readonly iteration: number }

/** When a step ends early: after `iterations`, or as soon as `stop` answers true between two iterations. */
export type Budget = { readonly iterations: number; readonly stop?: () => boolean }

/** Margins of all our linear models: X W' + b. Plain JSON. weights [outputs][p], intercepts [outputs]. */
export type LinearModel = {
  readonly weights: readonly (readonly number[])[]
  readonly intercepts: readonly number[]
}

/**
 * One learning algorithm. Hyperparameters first, data only in fit.
 * `start` and `step` are pure: the same arguments give the same bits. `model` reads a state that is done.
 */
export type Estimator<Hyper = unknown, State extends FitState = FitState, Model = LinearModel> = {
  readonly name: Algorithm
  readonly tasks: readonly Task[]
  /** Fills in defaults. Throws BAD_RUN with the field's name. */
  readonly hyper: (given: unknown) => Hyper
  /** Throws BAD_TABLE for no rows, values that are not finite, or fewer than two classes. */
  readonly start: (hyper: Hyper, data: TrainingData) => State
  readonly step: (
    hyper: Hyper,
    data: TrainingData,
    state: State,
    budget: Budget,
  ) => { readonly state: State; readonly events: readonly FitEvent[] }
  readonly model: (state: State) => Model
  /** Regression: [n, 1] values; classification: [n, K] probabilities. */
  readonly predict: (model: Model, X: Matrix) => Matrix
  /** Adds the model to a graph. `features` is float64 [n, p] -> the name of float64 [n] values or [n, K] probabilities. */
  readonly toGraph: (model: Model, graph: Graph, features: string) => string
}
