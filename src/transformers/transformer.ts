import type { Graph } from '../onnx/graph.ts'

/**
 * One kind of preprocessing, fitted on whole columns. `fit` sums in row order in float64; `apply` and the graph of
 * `toGraph` answer the same. Source is what the graph has for Input: one name, or a name per column. Examples is what
 * `fit` learns from where that is more than Input: a target beside it.
 */
export type Transformer<Input, Fitted, Source, Output = Columns, Examples = Input> = {
  readonly fit: (examples: Examples) => Fitted
  /** Columns of float64, all of one length. */
  readonly apply: (fitted: Fitted, input: Input) => Output
  /** Adds nodes and answers the name of [n, width], float64 unless the transformer says otherwise. */
  readonly toGraph: (fitted: Fitted, graph: Graph, source: Source) => string
}

/** Several columns of float64, all of one length. */
export type Columns = readonly Float64Array[]

/** Values of a float type that a graph's features have. */
export type FloatType = 'FP32' | 'FP64'
