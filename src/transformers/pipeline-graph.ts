import { type Codec, missingInt64 } from '../dataset/codec.ts'
import type { GraphFeatures } from '../estimators/estimator.ts'
import type { Graph } from '../onnx/graph.ts'
import { dateParting } from './date-parts.ts'
import { cast, concat, floats } from './nodes.ts'
import { oneHot } from './one-hot.ts'
import { ordinal } from './ordinal.ts'
import type { Pipeline } from './pipeline-shape.ts'
import { scalingNodes } from './scale-numbers.ts'
import { targetEncode } from './target-encode.ts'
import { textNodes } from './text-block.ts'
import type { FloatType } from './transformer.ts'

/** Adds the codec's columns as inputs; once, before the pipelines of all models that share them. */
export const codecInputs = (codec: Codec, graph: Graph): void => {
  for (const { name, datatype } of codec.columns) graph.input(name, datatype, [-1, 1])
}

/** Adds a pipeline behind the codec's inputs -> its features [n, p]: float64, or float32 for trees that are not wide. */
export const pipelineToGraph = (pipeline: Pipeline, codec: Codec, graph: Graph): GraphFeatures => {
  const { form, wide, scaling, hot, numbered, texts, features } = pipeline
  const datatype = wide ? 'FP64' : 'FP32'
  const numbers = numberNodes(pipeline, codec, graph, datatype)
  const levels = ordinal(0, datatype)
  const blocks = [
    ...(scaling === undefined || numbers.length === 0 ? numbers : scalingNodes(scaling, graph, concat(graph, numbers))),
    ...hot.map(({ name, ...own }) => oneHot(1).toGraph(own, graph, name)),
    ...numbered.map(({ name, ...own }) => levels.toGraph(own, graph, name)),
    ...termNodes(form, wide, texts, graph),
  ]
  return { name: concat(graph, blocks), columns: features.length, wide }
}

/** The features before scaling, a block each of numbers of one datatype, of a date, of an ordinal, of an encoding. */
const numberNodes = (pipeline: Pipeline, codec: Codec, graph: Graph, datatype: FloatType): readonly string[] => [
  ...rawNumberNodes(pipeline, codec, graph, datatype),
  ...pipeline.dates.map(({ name, parts }) => dateParting(datatype).toGraph(parts, graph, name)),
  ...pipeline.ordinals.map(({ name, ...levels }) => ordinal(0, datatype).toGraph(levels, graph, name)),
  ...pipeline.targets.map(({ name, ...encoded }) => targetEncode(datatype).toGraph(encoded, graph, name)),
]

/** One block per number type, in the order of pipeline.numbers. */
const rawNumberNodes = ({ numbers }: Pipeline, codec: Codec, graph: Graph, wanted: FloatType): readonly string[] => {
  const datatypes = new Map(codec.columns.map(({ name, datatype }) => [name, datatype]))
  return (['FP32', 'FP64', 'INT64'] as const).flatMap((datatype) => {
    const names = numbers.filter((name) => datatypes.get(name) === datatype)
    if (names.length === 0) return []
    const block = concat(graph, names)
    if (datatype === wanted) return [block]
    const numbersOfBlock = cast(graph, block, wanted)
    if (datatype !== 'INT64') return [numbersOfBlock]
    const missing = graph.node('Equal', [block, graph.constant('INT64', [1, 1], BigInt64Array.of(missingInt64))])
    const missingValue = graph.constant(wanted, [1, 1], floats(wanted, [Number.NaN]))
    return [graph.node('Where', [missing, missingValue, numbersOfBlock])]
  })
}

const termNodes = (
  form: Pipeline['form'],
  wide: boolean,
  texts: Pipeline['texts'],
  graph: Graph,
): readonly string[] => {
  if (form === 'scaled') return textNodes(texts, 'tf-idf', graph)
  const counts = textNodes(texts, 'counts', graph)
  return wide ? counts.map((name) => cast(graph, name, 'FP64')) : counts
}
