import type { Codec } from '../dataset/codec.ts'
import type { GraphFeatures } from '../estimators/estimator.ts'
import { estimators } from '../estimators/list.ts'
import { defaultThreshold } from '../metrics/metric.ts'
import { createGraph, type Graph } from '../onnx/graph.ts'
import type { Label, TabularManifest } from '../registry/manifest.ts'
import type { Pipeline } from '../transformers/pipeline.ts'
import { codecInputs, pipelineToGraph } from '../transformers/pipeline-graph.ts'
import { rowsPerRun } from '../transformers/rows-per-run.ts'
import { calibratorNodes } from './blend/calibrator.ts'
import { linkNodes } from './blend/link.ts'
import type { HeldOut } from './held-out.ts'
import { intervalNodes } from './judge/interval.ts'
import type { TargetPlan } from './task.ts'
import { leadOf, type TrainedModel } from './trained.ts'

export type FittedModel = {
  readonly codec: Codec
  readonly trained: TrainedModel
  readonly target: TabularManifest['target']
  readonly plan: TargetPlan
  /** Version of Percall, for the manifest. */
  readonly percall: string
  readonly heldOut?: HeldOut
}

type Exported = { readonly bytes: Uint8Array; readonly manifest: TabularManifest }

/**
 * One graph from the codec's columns to answers, and its manifest: each member's pipeline and model, margins blended by
 * weight, calibrator, link, then interval or label. The same model gives the same bytes.
 */
export const exportModel = (fitted: FittedModel): Exported => {
  const { codec, plan, target, percall, trained, heldOut } = fitted
  const graph = createGraph('percall')
  codecInputs(codec, graph)
  const blended = blendNodes(graph, codec, trained.members)
  const margins = trained.calibrator ? calibratorNodes(trained.calibrator, graph, blended) : blended
  const answer = linkNodes(leadOf(trained).link, graph, margins)
  const { trainedUntil } = trained
  const until = trainedUntil === undefined ? {} : { trainedUntil }
  const most = rowsPerRun(trained.members.map(({ pipeline }) => pipeline))
  const cut = most === undefined ? {} : { rowsPerRun: most }
  const common = {
    schema: 1,
    percall,
    task: plan.task,
    target,
    codec,
    ...until,
    ...(heldOut && { heldOut }),
    ...cut,
  } as const
  const outputs =
    plan.classes === null
      ? { outputs: predictionOutputs(graph, answer, trained) }
      : classOutputs(graph, answer, plan.classes, plan, trained)
  return { bytes: graph.toBytes(), manifest: { ...common, ...outputs } }
}

/** sum of weight x margins; members with one pipeline share its nodes. */
const blendNodes = (graph: Graph, codec: Codec, members: TrainedModel['members']): string => {
  const features = new Map<string, GraphFeatures>()
  const featuresOf = (pipeline: Pipeline): GraphFeatures => {
    const key = JSON.stringify(pipeline)
    const known = features.get(key) ?? pipelineToGraph(pipeline, codec, graph)
    features.set(key, known)
    return known
  }
  const margins = members.map(({ algorithm, model, pipeline }) =>
    estimators[algorithm].toGraph(model, graph, featuresOf(pipeline)),
  )
  if (members.length === 1) return margins[0]!
  const weighted = margins.map((name, i) =>
    graph.node('Mul', [name, graph.constant('FP64', [1, 1], Float64Array.of(members[i]!.weight))]),
  )
  return weighted.reduce((sum, next) => graph.node('Add', [sum, next]))
}

const predictionOutputs = (graph: Graph, answer: string, { interval }: TrainedModel) => {
  const prediction = graph.node('Identity', [answer], { output: graph.freeName('prediction') })
  graph.output(prediction, 'FP64', [-1])
  if (interval === undefined) return { prediction }
  const { low, high } = intervalNodes(interval, graph, answer)
  graph.output(low, 'FP64', [-1])
  graph.output(high, 'FP64', [-1])
  return { prediction, interval: { low, high, level: interval.level } }
}

const classOutputs = (
  graph: Graph,
  answer: string,
  classes: readonly Label[],
  { positive }: TargetPlan,
  { threshold = defaultThreshold }: TrainedModel,
) => {
  const at = positive === undefined ? undefined : classes.indexOf(positive)
  const chosen = at === undefined ? largest(graph, answer) : thresholded(graph, answer, at, threshold)
  const label = labelNode(graph, chosen, classes)
  const probabilities = graph.node('Identity', [answer], { output: graph.freeName('probabilities') })
  graph.output(label, labelDatatype(classes), [-1])
  graph.output(probabilities, 'FP64', [-1, classes.length])
  const binary = positive === undefined ? {} : { positive, threshold }
  return { outputs: { label, probabilities }, classes, ...binary }
}

/** [n, K] -> the class number of the largest probability, INT64 [n]. */
const largest = (graph: Graph, probabilities: string): string =>
  graph.node('ArgMax', [probabilities], { attributes: { axis: { int: 1 }, keepdims: { int: 0 } } })

/** [n, 2] -> the positive class number where its probability reaches the threshold, else the other, INT64 [n]. */
const thresholded = (graph: Graph, probabilities: string, positive: number, threshold: number): string => {
  const column = graph.constant('INT64', [], BigInt64Array.of(BigInt(positive)))
  const probability = graph.node('Gather', [probabilities, column], { attributes: { axis: { int: 1 } } })
  const reached = graph.node('GreaterOrEqual', [probability, graph.constant('FP64', [], Float64Array.of(threshold))])
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
