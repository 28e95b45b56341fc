import type { Codec } from '../dataset/codec.ts'
import { estimators } from '../estimators/list.ts'
import type { Label, TabularManifest } from '../manifest.ts'
import { createGraph, type Graph } from '../onnx/graph.ts'
import type { Pipeline } from '../transformers/pipeline.ts'
import { codecInputs, pipelineToGraph } from '../transformers/pipeline-graph.ts'
import { rowsPerRun } from '../transformers/rows-per-run.ts'
import { type Link, linkNodes } from './link.ts'
import type { Algorithm } from './run.ts'
import type { TargetPlan } from './task.ts'

export type FittedModel = {
  readonly codec: Codec
  readonly pipeline: Pipeline
  readonly algorithm: Algorithm
  readonly model: unknown
  readonly link: Link
  readonly target: { readonly name: string; readonly kind: TabularManifest['target']['kind'] }
  readonly plan: TargetPlan
  /** Version of Percall, for the manifest. */
  readonly percall: string
}

/** The least probability of the positive class that is answered as positive. */
const defaultThreshold = 0.5

/** One graph from the codec's columns to answers, and its manifest. The same model gives the same bytes. */
export const exportModel = (
  fitted: FittedModel,
): { readonly bytes: Uint8Array; readonly manifest: TabularManifest } => {
  const { codec, plan, target, percall } = fitted
  const graph = createGraph('percall')
  codecInputs(codec, graph)
  const features = pipelineToGraph(fitted.pipeline, codec, graph)
  const margins = estimators[fitted.algorithm].toGraph(fitted.model, graph, features)
  const answer = linkNodes(fitted.link, graph, margins)
  const most = rowsPerRun([fitted.pipeline])
  const cut = most === undefined ? {} : { rowsPerRun: most }
  const common = { schema: 1, percall, task: plan.task, target, codec, ...cut } as const
  if (plan.classes === null) {
    const prediction = graph.node('Identity', [answer], { output: graph.freeName('prediction') })
    graph.output(prediction, 'FP64', [-1])
    return { bytes: graph.toBytes(), manifest: { ...common, outputs: { prediction } } }
  }
  const { classes, positive } = plan
  const at = positive === undefined ? undefined : classes.indexOf(positive)
  const chosen = at === undefined ? largest(graph, answer) : thresholded(graph, answer, at)
  const label = labelNode(graph, chosen, classes)
  const probabilities = graph.node('Identity', [answer], { output: graph.freeName('probabilities') })
  graph.output(label, labelDatatype(classes), [-1])
  graph.output(probabilities, 'FP64', [-1, classes.length])
  const binary = positive === undefined ? {} : { positive, threshold: defaultThreshold }
  return { bytes: graph.toBytes(), manifest: { ...common, outputs: { label, probabilities }, classes, ...binary } }
}

/** [n, K] -> the class number of the largest probability, INT64 [n]. */
const largest = (graph: Graph, probabilities: string): string =>
  graph.node('ArgMax', [probabilities], { attributes: { axis: { int: 1 }, keepdims: { int: 0 } } })

/** [n, 2] -> the positive class number where its probability reaches the threshold, else the other, INT64 [n]. */
const thresholded = (graph: Graph, probabilities: string, positive: number): string => {
  const column = graph.constant('INT64', [], BigInt64Array.of(BigInt(positive)))
  const probability = graph.node('Gather', [probabilities, column], { attributes: { axis: { int: 1 } } })
  const reached = graph.node('GreaterOrEqual', [
    probability,
    graph.constant('FP64', [], Float64Array.of(defaultThreshold)),
  ])
  const other = graph.constant('INT64', [], BigInt64Array.of(BigInt(1 - positive)))
  return graph.node('Where', [reached, column, other])
}

/** Whole numbers answer as INT64, all others by their text. */
const labelDatatype = (classes: readonly Label[]): 'INT64' | 'BYTES' =>
  classes.every((label) => Number.isSafeInteger(label)) ? 'INT64' : 'BYTES'

const labelNode = (graph: Graph, chosen: string, classes: readonly Label[]): string => {
  const datatype = labelDatatype(classes)
  const data = datatype === 'INT64' ? BigInt64Array.from(classes, (label) => BigInt(label)) : classes.map(String)
  const names = graph.constant(datatype, [classes.length], data)
  return graph.node('Gather', [names, chosen], { output: graph.freeName('label') })
}
