import type { Matrix } from '../../estimators/estimator.ts'
import { sigmoid, softmaxInPlace } from '../../estimators/sigmoid.ts'
import type { Graph } from '../../onnx/graph.ts'

/** From margins to answers: values or their logarithms for regression, log odds for two classes, softmax scores for more. */
export type Link = 'identity' | 'log' | 'logit' | 'softmax'

/** Margins [n, outputs] -> [n, 1] values or [n, K] probabilities. */
export const applyLink = (link: Link, margins: Matrix): Matrix => {
  switch (link) {
    case 'identity':
      return margins
    case 'log':
      return { ...margins, values: margins.values.map(Math.exp) }
    case 'logit':
      return pairs(margins)
    case 'softmax':
      return softmax(margins)
  }
}

const pairs = ({ rows, values }: Matrix): Matrix => {
  const both = new Float64Array(2 * rows)
  values.forEach((margin, i) => {
    both[2 * i] = sigmoid(-margin)
    both[2 * i + 1] = sigmoid(margin)
  })
  return { rows, columns: 2, values: both }
}

const softmax = ({ rows, columns, values }: Matrix): Matrix => {
  const probabilities = values.slice()
  for (let i = 0; i < rows; i++) softmaxInPlace(probabilities.subarray(i * columns, (i + 1) * columns))
  return { rows, columns, values: probabilities }
}

/** The same in a graph: float64 [n, outputs] -> float64 [n] values or [n, K] probabilities. */
export const linkNodes = (link: Link, graph: Graph, margins: string): string => {
  switch (link) {
    case 'identity':
      return column(graph, margins)
    case 'log':
      return column(graph, graph.node('Exp', [margins]))
    case 'logit': {
      const positive = graph.node('Sigmoid', [margins])
      const negative = graph.node('Sigmoid', [graph.node('Neg', [margins])])
      return graph.node('Concat', [negative, positive], { attributes: { axis: { int: 1 } } })
    }
    case 'softmax':
      return graph.node('Softmax', [margins], { attributes: { axis: { int: 1 } } })
  }
}

const column = (graph: Graph, values: string): string =>
  graph.node('Reshape', [values, graph.constant('INT64', [1], BigInt64Array.of(-1n))])
