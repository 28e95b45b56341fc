import { expect, test } from 'vitest'
import { type Codec, columnsToTensors, rowsToTensors } from '../../../src/dataset/codec.ts'
import { decideCodec, profileTable } from '../../../src/dataset/profile.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import { applyPipeline, fitPipeline } from '../../../src/transformers/pipeline.ts'
import { codecInputs, pipelineToGraph } from '../../../src/transformers/pipeline-graph.ts'
import { runGraph } from '../../fixtures/learning.ts'

const table = {
  names: ['huge', 'exact', 'small', 'flag', 'day', 'prediction', 'y'],
  columns: [
    ['9007199254740993', '', '5', '9007199254740995', '7'],
    ['0.12345678901', '1', '2', '', '3'],
    ['', '1', '2', '4', '9'],
    ['true', 'true', 'false', '', 'true'],
    ['2024-01-31', '', '1969-12-31', '2000-02-29', '2023-07-04'],
    ['a', '', 'b', 'a', 'ā'],
    ['1', '2', '3', '4', '5'],
  ],
}
const columns = Object.fromEntries(table.names.map((name, place) => [name, table.columns[place]!]))
const codec = decideCodec(profileTable(table), 'y')

const inGraph = async (
  pipeline: ReturnType<typeof fitPipeline>,
  own: Codec,
  tensors: ReturnType<typeof rowsToTensors>,
) => {
  const graph = createGraph('test')
  codecInputs(own, graph)
  const { name, columns } = pipelineToGraph(pipeline, own, graph)
  graph.output(name, 'FP64', [-1, columns])
  return (await runGraph(graph.toBytes(), tensors))[0]!.data
}

test('all kinds and number types with missing cells -> the graph has the bits of apply', async () => {
  expect(codec.columns.map(({ kind, datatype }) => `${kind} ${datatype}`)).toEqual([
    'integer INT64',
    'numeric FP64',
    'integer FP32',
    'boolean FP32',
    'date INT64',
    'category BYTES',
  ])
  const trained = columnsToTensors(codec, columns)
  const pipeline = fitPipeline(codec, 'auto', trained)
  expect(pipeline.features.slice(-4)).toEqual(['prediction=', 'prediction=a', 'prediction=b', 'prediction=ā'])
  const served = rowsToTensors(codec, [{}, { prediction: 'unseen', small: 3 }], { unknown: 'refuse' })
  for (const tensors of [trained, served]) {
    const own = applyPipeline(JSON.parse(JSON.stringify(pipeline)), tensors)
    expect(own.values.every(Number.isFinite)).toBe(true)
    expect(await inGraph(pipeline, codec, tensors)).toStrictEqual(own.values)
  }
})

test('median, most frequent and standard deviation of n -> numpy by hand', () => {
  const pipeline = fitPipeline(codec, 'auto', columnsToTensors(codec, columns))
  const at = (name: string) => pipeline.features.indexOf(name)
  expect(pipeline.fills[at('small')]).toBe(3)
  expect(pipeline.fills[at('flag')]).toBe(1)
  // small is 3, 1, 2, 4, 9 once filled: mean 3.8, variance 7.76.
  expect(pipeline.means[at('small')]).toBeCloseTo(3.8, 14)
  expect(pipeline.scales[at('small')]).toBeCloseTo(Math.sqrt(7.76), 14)
})

test('preprocess none with a text column -> BAD_RUN that names it', () => {
  expect(() => fitPipeline(codec, 'none', columnsToTensors(codec, columns))).toThrow(
    'preprocess none, column day: expected a number, got date',
  )
})
