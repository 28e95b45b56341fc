import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cell, type Codec, columnsToTensors, rowsToTensors } from '../../../src/dataset/codec.ts'
import { decideCodec, profileTable } from '../../../src/dataset/profile.ts'
import type { Features } from '../../../src/estimators/estimator.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { applyPipeline, fitPipeline, type Pipeline, type PipelineOptions } from '../../../src/transformers/pipeline.ts'
import { codecInputs, pipelineToGraph } from '../../../src/transformers/pipeline-graph.ts'
import { rowsPerRun } from '../../../src/transformers/rows-per-run.ts'
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
const scaled = { preprocess: 'auto', form: 'scaled', seed: 1 } as const
const y = Float64Array.of(1, 2, 3, 4, 5)

const inGraph = async (pipeline: Pipeline, own: Codec, tensors: readonly Tensor[]): Promise<Tensor['data']> => {
  const graph = createGraph('test')
  codecInputs(own, graph)
  const { name, columns: width, wide } = pipelineToGraph(pipeline, own, graph)
  expect(width).toBe(pipeline.features.length)
  graph.output(name, wide ? 'FP64' : 'FP32', [-1, width])
  return (await runGraph(graph.toBytes(), tensors))[0]!.data
}

/** The dense block and the sparse one behind it. */
const dense = ({ rows, columns: width, values, sparse }: Features): Float64Array => {
  const all = width + (sparse?.columns ?? 0)
  const matrix = new Float64Array(rows * all)
  for (let row = 0; row < rows; row++) {
    matrix.set(values.subarray(row * width, (row + 1) * width), row * all)
    for (let at = sparse?.starts[row] ?? 0; at < (sparse?.starts[row + 1] ?? 0); at++)
      matrix[row * all + width + sparse!.places[at]!] = sparse!.values[at]!
  }
  return matrix
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
  const { pipeline } = fitPipeline(codec, scaled, { tensors: trained, y })
  expect(pipeline.features.slice(-4)).toEqual(['prediction=', 'prediction=a', 'prediction=b', 'prediction=ā'])
  const served = rowsToTensors(codec, [{ day: null }, { prediction: 'unseen', small: 3 }], { unknown: 'refuse' })
  for (const tensors of [trained, served]) {
    const own = applyPipeline(JSON.parse(JSON.stringify(pipeline)), tensors)
    expect(own.values.every(Number.isFinite)).toBe(true)
    expect(await inGraph(pipeline, codec, tensors)).toStrictEqual(own.values)
  }
})

test('median, most frequent and standard deviation of n -> numpy by hand', () => {
  const { pipeline } = fitPipeline(codec, scaled, { tensors: columnsToTensors(codec, columns), y })
  const at = (name: string) => pipeline.features.indexOf(name)
  const { fills, centres, divisors } = pipeline.scaling!
  expect(fills[at('small')]).toBe(3)
  expect(fills[at('flag')]).toBe(1)
  // small is 3, 1, 2, 4, 9 once filled: mean 3.8, variance 7.76.
  expect(centres[at('small')]).toBeCloseTo(3.8, 14)
  expect(divisors[at('small')]).toBeCloseTo(Math.sqrt(7.76), 14)
})

test('preprocess none with a text column -> BAD_RUN that names it', () => {
  const none = { ...scaled, preprocess: 'none' } as const
  expect(() => fitPipeline(codec, none, { tensors: columnsToTensors(codec, columns), y })).toThrow(
    'preprocess none, column day: expected a number, got date',
  )
})

const missing: readonly string[] = []
const all: Codec = {
  codecVersion: 1,
  columns: [
    { kind: 'numeric', name: 'narrow', missing, datatype: 'FP32', decimal: '.' },
    { kind: 'numeric', name: 'wide', missing, datatype: 'FP64', decimal: '.' },
    { kind: 'integer', name: 'whole', missing, datatype: 'INT64', decimal: '.' },
    { kind: 'boolean', name: 'flag', missing, datatype: 'FP32', true: ['true'], false: ['false'] },
    { kind: 'category', name: 'level', missing, datatype: 'BYTES', case: 'keep', numbers: 'keep' },
    { kind: 'category', name: 'many', missing, datatype: 'BYTES', case: 'keep', numbers: 'keep' },
    {
      kind: 'ordinal',
      name: 'rank',
      missing,
      datatype: 'BYTES',
      levels: ['S', 'M', 'L'],
      case: 'keep',
      numbers: 'keep',
    },
    { kind: 'text', name: 'note', missing, datatype: 'BYTES', tokens: 'words' },
    { kind: 'text', name: 'code', missing, datatype: 'BYTES', tokens: 'characters' },
    { kind: 'date', name: 'when', missing, datatype: 'INT64', format: 'ISO', zone: 'UTC' },
  ],
}
const narrow: Codec = { ...all, columns: all.columns.filter(({ name }) => name !== 'wide' && name !== 'whole') }

const units = fc
  .array(fc.nat(0xffff), { maxLength: 8 })
  .map((codes) => String.fromCharCode(...codes).replaceAll('\0', ''))
const odd = fc.oneof(units, fc.constantFrom('', 'a', 'A', 'é', 'e\u0301', '🙂', ' a ', 'ß', '__proto__', 'missing'))
const maybe = (arbitrary: fc.Arbitrary<Cell>): fc.Arbitrary<Cell> => fc.option(arbitrary, { freq: 5, nil: null })
const range = { min: new Date('1890-01-01T00:00:00Z'), max: new Date('2040-12-31T23:59:59Z'), noInvalidDate: true }

const anyRow = fc.record({
  narrow: maybe(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })),
  wide: maybe(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 })),
  whole: maybe(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }).map(String)),
  flag: maybe(fc.boolean()),
  level: maybe(odd),
  many: maybe(fc.nat(400).map((k) => `m${k}`)),
  rank: maybe(fc.constantFrom('S', 'M', 'L')),
  note: maybe(fc.array(odd, { maxLength: 6 }).map((words) => words.join(' '))),
  code: maybe(odd),
  when: maybe(fc.date(range).map((date) => date.toISOString())),
})
/** Long enough for categories of too many levels. */
const manyRows = Array.from({ length: 300 }, (_, k) => ({
  many: `m${k}`,
  narrow: k % 7,
  note: `w${k % 5}`,
  when: null,
}))

const forms: readonly { name: string; options: Omit<PipelineOptions, 'preprocess' | 'seed'> }[] = [
  { name: 'scaled, sparse terms', options: { form: 'scaled', terms: 'sparse' } },
  { name: 'scaled, best terms, 3 classes', options: { form: 'scaled', classes: 3, scaling: 'robust' } },
  { name: 'scaled by quantiles', options: { form: 'scaled', classes: 2, scaling: 'quantile', terms: 'sparse' } },
  { name: 'trees', options: { form: 'trees', classes: 2 } },
  { name: 'trees, regression', options: { form: 'trees' } },
]

test.for(forms)('$name of any table -> apply and graph agree on its rows and on others', async ({ options }) => {
  const property = fc.asyncProperty(
    fc.array(anyRow, { minLength: 3, maxLength: 30 }),
    fc.array(anyRow, { minLength: 1, maxLength: 10 }),
    fc.boolean(),
    async (some, others, isNarrow) => {
      const own = isNarrow ? narrow : all
      const tensorsOf = (rows: readonly Readonly<Record<string, Cell>>[]) =>
        rowsToTensors(own, rows, { unknown: 'ignore' })
      const learned = [...some, ...manyRows]
      const tensors = tensorsOf(learned)
      const target = Float64Array.from(learned, (_, row) => (row * 5) % (options.classes ?? 7))
      const fitted = fitPipeline(own, { preprocess: 'auto', seed: 3, ...options }, { tensors, y: target })
      const pipeline: Pipeline = JSON.parse(JSON.stringify(fitted.pipeline))
      expect(pipeline.sources.every((source) => own.columns.some(({ name }) => name === source))).toBe(true)
      expect(pipeline.targets.map(({ name }) => name)).toEqual(['many'])
      expect(fitted.X.columns).toBe(applyPipeline(pipeline, tensors).columns)
      const exact = pipeline.form === 'trees'
      for (const asked of [tensors, tensorsOf(others)]) {
        const X = applyPipeline(pipeline, asked)
        const values = dense(X)
        if (!exact) expect(values.every(Number.isFinite)).toBe(true)
        const graph = await inGraph(pipeline, own, asked)
        expect(graph).toHaveLength(values.length)
        if (exact) expect(graph).toStrictEqual(pipeline.wide ? values : Float32Array.from(values))
        // The squares of a row's TF-IDF are summed in another order.
        else values.forEach((value, at) => void expect(Math.abs(value - Number(graph[at]))).toBeLessThan(1e-14))
        const width = X.columns
        X.levels?.forEach((levels, place) => {
          const column = X.values.filter((_, at) => at % width === place && levels > 0)
          expect(column.every((value) => Number.isNaN(value) || (value >= 0 && value < levels))).toBe(true)
        })
      }
    },
  )
  await fc.assert(property, { numRuns: process.env.PERCALL_LONG ? 100 : 6 })
})

test('narrow inputs for trees -> float32 that is the numbers themselves; one wide input -> float64', () => {
  const tensors = rowsToTensors(all, manyRows, { unknown: 'ignore' })
  const part = { tensors, y: Float64Array.from(manyRows, (_, row) => row % 2) }
  const trees = { preprocess: 'auto', form: 'trees', seed: 1, classes: 2 } as const
  expect(fitPipeline(all, trees, part).pipeline.wide).toBe(true)
  const { pipeline, X } = fitPipeline(narrow, trees, part)
  expect(pipeline.wide).toBe(false)
  expect(X.values).toEqual(X.values.map(Math.fround))
  const many = pipeline.features.lastIndexOf('many')
  expect(X.levels![many]).toBe(255)
  expect(pipeline.features).toContain('many target')
})

test('names -> readable, each with its raw column', () => {
  const rows = Array.from({ length: 40 }, (_, k) => ({
    narrow: k % 5 === 0 ? null : k,
    level: k < 20 ? 'USA' : 'Asia',
    note: k % 2 === 0 ? 'good car' : 'bad car',
    when: `2024-0${1 + (k % 3)}-01`,
    rank: 'SML'[k % 3],
  }))
  const tensors = rowsToTensors(narrow, rows, { unknown: 'ignore' })
  const { pipeline } = fitPipeline(narrow, { ...scaled, terms: 'sparse' }, { tensors, y: new Float64Array(40) })
  expect(Object.fromEntries(pipeline.features.map((name, place) => [name, pipeline.sources[place]]))).toMatchObject({
    narrow: 'narrow',
    'narrow missing': 'narrow',
    'when month sin': 'when',
    'when day number': 'when',
    rank: 'rank',
    'level=USA': 'level',
    'note~good car': 'note',
  })
})

test('two pipelines in one graph -> they share the inputs', async () => {
  const tensors = rowsToTensors(all, manyRows, { unknown: 'ignore' })
  const part = { tensors, y: Float64Array.from(manyRows, (_, row) => row % 2) }
  const graph = createGraph('both')
  codecInputs(all, graph)
  const pipelines = (['scaled', 'trees'] as const).map(
    (form) => fitPipeline(all, { preprocess: 'auto', form, seed: 1, classes: 2 }, part).pipeline,
  )
  const names = pipelines.map((pipeline) => pipelineToGraph(pipeline, all, graph).name)
  for (const name of names) graph.output(name, 'FP64', [-1, -1])
  const outputs = await runGraph(graph.toBytes(), tensors)
  pipelines.forEach((pipeline, place) => {
    const { values } = applyPipeline(pipeline, tensors)
    const served = outputs.find(({ name }) => name === names[place])!.data
    values.forEach((value, at) => {
      if (!Number.isNaN(value)) expect(Math.abs(value - Number(served[at]))).toBeLessThan(1e-14)
    })
  })
})

test('texts -> so many rows a run that tokens and terms stay below 64 MB', () => {
  const rows = Array.from({ length: 300 }, (_, k) => ({ note: `w${k % 50} v${k % 7} u${k % 11}` }))
  const tensors = rowsToTensors(narrow, rows, { unknown: 'ignore' })
  const { pipeline } = fitPipeline(narrow, { ...scaled, terms: 'sparse' }, { tensors, y: new Float64Array(300) })
  // 1000 tokens of 32 bytes are more than 500 terms of 8.
  expect(rowsPerRun([pipeline])).toBe(Math.floor(2 ** 26 / 32_000))
  const terms = Array.from({ length: 20_000 }, (_, k) => `w${k}`)
  const large = { ...pipeline, texts: [{ name: 'note', tokens: 'words' as const, terms, idf: terms.map(() => 1) }] }
  expect(rowsPerRun([pipeline, large])).toBe(Math.floor(2 ** 26 / 160_000))
  expect(rowsPerRun([{ ...pipeline, texts: [] }])).toBeUndefined()
  // Each of 1,000 columns is compared with 100 quantiles, counted in 8 bytes.
  const steps = Array.from({ length: 1000 }, () => ({ values: [0], at: [0], right: [1], slopes: [0] }))
  const bounds = { fills: [], lows: [], highs: [], centres: [], divisors: [], indicators: [] }
  expect(rowsPerRun([{ ...pipeline, texts: [], scaling: { ...bounds, steps } }])).toBe(Math.floor(2 ** 26 / 800_000))
})
