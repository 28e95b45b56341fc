import type { Graph } from '../../onnx/graph.ts'
import type { RegressionLoss } from './regression-loss.ts'

/** The loss that a net learns by; `classes` for the log loss of two classes and of more. */
export type NetLoss = RegressionLoss | { readonly loss: 'log'; readonly classes: number }

/** Numbers as one-element constants of the graph's datatype. */
export type Scalar = (value: number) => string

/** Names of each row's loss [B, 1] and of its gradient by the margins [B, outputs]. */
export type LossNodes = { readonly value: string; readonly gradient: string }

/** The formulas of src/estimators/losses as nodes. Margins [B, outputs], targets [B, 1]: values or class numbers. */
export const lossNodes = (loss: NetLoss, graph: Graph, scalar: Scalar, margins: string, y: string): LossNodes => {
  if (loss.loss === 'log') {
    return loss.classes === 2
      ? logLossNodes(graph, scalar, margins, y)
      : softmaxNodes(graph, scalar, loss.classes, margins, y)
  }
  const { node } = graph
  const off = node('Sub', [margins, y])
  switch (loss.loss) {
    case 'squared':
      return { value: node('Mul', [node('Mul', [off, off]), scalar(0.5)]), gradient: off }
    case 'absolute':
      return { value: node('Abs', [off]), gradient: node('Sign', [off]) }
    case 'huber': {
      // c = clip(r, -delta, delta): c (r - c / 2) is both of the loss's pieces.
      const gradient = node('Clip', [off, scalar(-loss.delta), scalar(loss.delta)])
      const rest = node('Sub', [off, node('Mul', [gradient, scalar(0.5)])])
      return { value: node('Mul', [gradient, rest]), gradient }
    }
    case 'quantile': {
      // (1/2 - q) r + |r| / 2 = (1 - q) r above, -q r below.
      const tilt = scalar(0.5 - loss.quantile)
      const half = scalar(0.5)
      const value = node('Add', [node('Mul', [off, tilt]), node('Mul', [node('Abs', [off]), half])])
      return { value, gradient: node('Add', [node('Mul', [node('Sign', [off]), half]), tilt]) }
    }
    case 'poisson': {
      const mean = node('Exp', [node('Min', [margins, scalar(largestLogMean)])])
      return { value: node('Sub', [mean, node('Mul', [y, margins])]), gradient: node('Sub', [mean, y]) }
    }
  }
}

/** Targets of the Poisson loss have mean 1: e^20 times the mean is a stray step, and e^88 is float32's end. */
const largestLogMean = 20

const logLossNodes = ({ node }: Graph, scalar: Scalar, margins: string, y: string): LossNodes => {
  const tail = node('Log', [node('Add', [node('Exp', [node('Neg', [node('Abs', [margins])])]), scalar(1)])])
  const above = node('Sub', [node('Relu', [margins]), node('Mul', [y, margins])])
  return { value: node('Add', [above, tail]), gradient: node('Sub', [node('Sigmoid', [margins]), y]) }
}

const softmaxNodes = (graph: Graph, scalar: Scalar, classes: number, margins: string, y: string): LossNodes => {
  const { node } = graph
  const logs = node('LogSoftmax', [margins], { attributes: { axis: { int: 1 } } })
  const numbers = node(
    'Concat',
    Array.from({ length: classes }, (_, k) => scalar(k)),
    { attributes: { axis: { int: 0 } } },
  )
  const isClass = node('Where', [node('Equal', [y, numbers]), scalar(1), scalar(0)])
  const axis = graph.constant('INT64', [1], BigInt64Array.of(1n))
  const value = node('Neg', [node('ReduceSum', [node('Mul', [logs, isClass]), axis])])
  return { value, gradient: node('Sub', [node('Exp', [logs]), isClass]) }
}
