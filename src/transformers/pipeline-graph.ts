import { type Codec, missingInt64 } from '../dataset/codec.ts'
import type { GraphFeatures } from '../estimators/estimator.ts'
import { elementTypes } from '../onnx/datatype.ts'
import type { Graph } from '../onnx/graph.ts'
import { dateParting } from './date-parts.ts'
import { impute } from './impute.ts'
import { oneHot } from './one-hot.ts'
import type { Pipeline } from './pipeline.ts'
import { scale } from './scale.ts'

/** Adds the codec's inputs to a graph: once, whatever the number of pipelines. */
export const codecInputs = (codec: Codec, graph: Graph): void => {
  for (const column of codec.columns) graph.input(column.name, column.datatype, [-1, 1])
}

/** Adds the pipeline to a graph that has the codec's inputs -> float64 [n, p]. */
export const pipelineToGraph = (pipeline: Pipeline, codec: Codec, graph: Graph): GraphFeatures => ({
  name: featureNodes(pipeline, codec, graph),
  columns: pipeline.features.length,
  wide: true,
})

const featureNodes = (pipeline: Pipeline, codec: Codec, graph: Graph): string => {
  const blocks = [
    ...numberBlocks(pipeline, codec, graph),
    ...(pipeline.dates.length > 0 ? [dateParting.toGraph(null, graph, pipeline.dates)] : []),
  ]
  if (pipeline.preprocess === 'none') return concat(graph, blocks)
  const scaled =
    blocks.length === 0
      ? []
      : [scale.toGraph(pipeline, graph, impute([]).toGraph(pipeline.fills, graph, concat(graph, blocks)))]
  const hot = pipeline.categories.length > 0 ? [oneHot.toGraph(pipeline.levels, graph, pipeline.categories)] : []
  return concat(graph, [...scaled, ...hot])
}

/** One float64 block per number type, in the order of pipeline.numbers. */
const numberBlocks = (pipeline: Pipeline, codec: Codec, graph: Graph): readonly string[] =>
  (['FP32', 'FP64', 'INT64'] as const).flatMap((datatype) => {
    const names = pipeline.numbers.filter((name) =>
      codec.columns.some((column) => column.name === name && column.datatype === datatype),
    )
    if (names.length === 0) return []
    const block = concat(graph, names)
    if (datatype === 'FP64') return [block]
    const cast = graph.node('Cast', [block], { attributes: { to: { int: elementTypes.FP64 } } })
    if (datatype === 'FP32') return [cast]
    const missing = graph.node('Equal', [block, graph.constant('INT64', [1, 1], BigInt64Array.of(missingInt64))])
    return [graph.node('Where', [missing, graph.constant('FP64', [1, 1], Float64Array.of(Number.NaN)), cast])]
  })

const concat = (graph: Graph, names: readonly string[]): string =>
  names.length === 1 ? names[0]! : graph.node('Concat', names, { attributes: { axis: { int: 1 } } })
