import type { Graph } from '../onnx/graph.ts'

/**
 * One kind of preprocessing, fitted on whole columns. `fit` sums in row order in float64; `apply` and the graph of
 * `toGraph` answer the same. Source is what the graph has for Input: one name, or a name per column.
 */
export type Transformer<Input, Fitted, Source> = {
  readonly fit: (input: Input) => Fitted
  /** Columns of float64, all of one length. */
  readonly apply: (fitted: Fitted, input: Input) => readonly Float64Array[]
  /** Adds nodes and answers the name of float64 [n, width]. */
  readonly toGraph: (fitted: Fitted, graph: Graph, source: Source) => string
}

/** Several columns of float64, all of one length. */
export type Columns = readonly Float64Array[]
