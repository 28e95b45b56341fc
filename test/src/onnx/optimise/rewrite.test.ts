import { readFileSync } from 'node:fs'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { createGraph } from '../../../../src/onnx/graph.ts'
import { type RewriteName, rewrite } from '../../../../src/onnx/optimise/rewrite.ts'
import { ModelProtoSchema } from '../../../../src/onnx/proto/generated/onnx_pb.js'
import { answerOf, graphOf, netGraph, normals, operatorsOf, rowsOf } from './graphs.ts'

const rewritten = (bytes: Uint8Array, name: RewriteName, bits: 7 | 8 = 7): Uint8Array => {
  const result = rewrite(bytes, name, bits)
  if (result.kind === 'refused') throw new Error(result.reason)
  // Of its own buffer, as a file that was read: a slice of a Buffer is none.
  return new Uint8Array(Buffer.concat(result.pieces))
}

/** Root of the mean square of the difference, by that of the first. */
const relativeError = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.reduce((sum, value) => sum + value ** 2, 0))

/** Used twice or not at all: two equal matrices, a node and an initialiser that nothing needs. */
const untidy = (): Uint8Array => {
  const graph = createGraph('untidy')
  const x = graph.input('x', 'FP32', [-1, 64])
  graph.input('unused', 'FP32', [-1])
  const matrix = normals(64 * 64, 1)
  const [first, second] = [0, 1].map(() => graph.constant('FP32', [64, 64], matrix))
  graph.constant('FP32', [5], normals(5, 2))
  graph.node('Relu', [graph.node('Neg', [x])])
  graph.node('Add', [graph.node('MatMul', [x, first!]), graph.node('MatMul', [x, second!])], { output: 'y' })
  graph.output('y', 'FP32', [-1, 64])
  return graph.toBytes()
}

test('unused nodes and equal weights -> gone, the inputs and the answers as they were', async () => {
  const bytes = untidy()
  const cleaned = rewritten(bytes, 'cleaned')
  expect(operatorsOf(cleaned).toSorted()).toEqual(['Add', 'MatMul', 'MatMul'])
  expect(graphOf(cleaned).initializer).toHaveLength(1)
  expect(graphOf(cleaned).input.map(({ name }) => name)).toEqual(['x', 'unused'])
  const graph = createGraph('plain')
  const x = graph.input('x', 'FP32', [-1, 64])
  const matrix = graph.constant('FP32', [64, 64], normals(64 * 64, 1))
  graph.node('Add', [graph.node('MatMul', [x, matrix]), graph.node('MatMul', [x, matrix])], { output: 'y' })
  graph.output('y', 'FP32', [-1, 64])
  const without = (file: Uint8Array) => {
    const parsed = graphOf(file)
    parsed.input = parsed.input.filter(({ name }) => name === 'x')
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, { irVersion: 10n, opsetImport: [{ domain: '', version: 21n }], graph: parsed }),
    )
  }
  const rows = rowsOf(5, 64)
  expect(await answerOf(without(cleaned), rows)).toEqual(await answerOf(graph.toBytes(), rows))
})

test('equal weights of which one is an output -> it keeps its name', () => {
  const graph = createGraph('answered')
  const x = graph.input('x', 'FP32', [-1, 3])
  const first = graph.constant('FP32', [3], Float32Array.of(1, 2, 3))
  const second = graph.constant('FP32', [3], Float32Array.of(1, 2, 3))
  graph.node('Add', [x, first], { output: 'y' })
  graph.output('y', 'FP32', [-1, 3])
  graph.output(second, 'FP32', [3])
  expect(rewrite(graph.toBytes(), 'cleaned', 7)).toMatchObject({ kind: 'refused' })
})

/** Most of each weight's error in steps of its column: the graph's bytes by its scales, beside the weights that they were. */
const largestStep = (bytes: Uint8Array, int8: Uint8Array): number => {
  const tensors = (file: Uint8Array) => new Map(graphOf(file).initializer.map((tensor) => [tensor.name, tensor]))
  const [before, after] = [tensors(bytes), tensors(int8)]
  const numbers = ({ rawData }: { readonly rawData: Uint8Array }) => new Float32Array(rawData.slice().buffer)
  const errors = [...after.values()]
    .filter(({ name }) => name.endsWith('_int8'))
    .map(({ name, rawData }) => {
      const weights = name.slice(0, -'_int8'.length)
      const scales = numbers(after.get(`${weights}_scales`)!)
      const quantised = new Int8Array(rawData.slice().buffer)
      const steps = numbers(before.get(weights)!).map((weight, i) =>
        Math.abs(weight / scales[i % scales.length]! - quantised[i]!),
      )
      return steps.reduce((most, step) => Math.max(most, step), 0)
    })
  expect(errors).toHaveLength(2)
  return Math.max(...errors)
}

/** Where ONNX Runtime adds two products of bytes in 16 bits, 8 bits of weights saturate: x86 without VNNI. */
const saturates =
  process.arch === 'x64' &&
  !(process.platform === 'linux' && /\bavx(?:512)?_vnni\b/.test(readFileSync('/proc/cpuinfo', 'utf8')))

// Weights are off by up to half a step of 1/63 or 1/127 of their column's largest, inputs by half of 1/255 of their range.
test.for([
  [7, 0.035, false],
  [8, 0.03, saturates],
] as const)(
  'dynamic int8, %i bits -> a quarter of the size, each weight within half a step, answers within %f; the last narrow layer stays',
  async ([bits, most, isOnlyRead]) => {
    const bytes = netGraph([30, 256, 256, 1])
    const int8 = rewritten(bytes, 'int8', bits)
    expect(int8.length / bytes.length).toBeLessThan(0.3)
    expect(operatorsOf(int8).filter((type) => type === 'MatMulInteger')).toHaveLength(2)
    expect(operatorsOf(int8).filter((type) => type === 'Gemm')).toHaveLength(1)
    const step = largestStep(bytes, int8)
    expect(step).toBeLessThan(0.5 + 1e-5)
    expect(step).toBeGreaterThan(0.4)
    if (isOnlyRead) return
    const rows = rowsOf(200, 30)
    const error = relativeError(await answerOf(bytes, rows), await answerOf(int8, rows))
    expect(error).toBeLessThan(most)
    expect(error).toBeGreaterThan(0)
  },
)

test('a transposed Gemm with alpha, beside one without -> the scales carry alpha, the matrix is turned', async () => {
  const graph = createGraph('gemm')
  const x = graph.input('x', 'FP32', [-1, 40])
  const matrix = graph.constant('FP32', [64, 40], normals(64 * 40, 3))
  const bias = graph.constant('FP32', [64], normals(64, 4))
  const attributes = (alpha: number) => ({ attributes: { alpha: { float: alpha }, transB: { int: 1 } } })
  const half = graph.node('Gemm', [x, matrix, bias], attributes(0.5))
  graph.node('Sub', [half, graph.node('Gemm', [x, matrix], attributes(2))], { output: 'y' })
  graph.output('y', 'FP32', [-1, 64])
  const int8 = rewritten(graph.toBytes(), 'int8')
  // One input is quantised once, whoever reads it.
  expect(operatorsOf(int8).filter((type) => type === 'DynamicQuantizeLinear')).toHaveLength(1)
  const rows = rowsOf(50, 40)
  expect(relativeError(await answerOf(graph.toBytes(), rows), await answerOf(int8, rows))).toBeLessThan(0.03)
})

test('half-precision weights -> half the size, answers within 2^-11 of each weight', async () => {
  const bytes = netGraph([30, 128, 128, 1])
  const half = rewritten(bytes, 'half')
  expect(half.length / bytes.length).toBeLessThan(0.52)
  const rows = rowsOf(100, 30)
  expect(relativeError(await answerOf(bytes, rows), await answerOf(half, rows))).toBeLessThan(1e-3)
})

test('half of the weights pruned -> zeros, and the largest as they were', () => {
  const bytes = netGraph([30, 128, 128, 1])
  const matrix = (file: Uint8Array) =>
    new Float32Array(
      graphOf(file)
        .initializer.find(({ dims }) => dims.join() === '128,128')!
        .rawData.slice().buffer,
    )
  const before = matrix(bytes)
  const after = matrix(rewritten(bytes, 'pruned'))
  expect(after.filter((value) => value === 0).length / after.length).toBeCloseTo(0.5, 3)
  expect(after.every((value, i) => value === 0 || value === before[i])).toBe(true)
  const leastKept = Math.min(...after.filter((value) => value !== 0).map(Math.abs))
  const mostPruned = Math.max(...before.filter((_, i) => after[i] === 0).map(Math.abs))
  expect(mostPruned).toBeLessThanOrEqual(leastKept)
})

test.for(['half', 'int8', 'pruned'] as const)('a graph without matrices, %s -> refused with its reason', (name) => {
  const graph = createGraph('bare')
  const x = graph.input('x', 'FP32', [-1, 4])
  graph.node('Relu', [x], { output: 'y' })
  graph.output('y', 'FP32', [-1, 4])
  expect(rewrite(graph.toBytes(), name, 8)).toEqual({
    kind: 'refused',
    reason: expect.stringMatching(/^expected .*, got none/),
  })
})

test('weights that are not finite, or beyond binary16 -> left as they are', () => {
  const graph = createGraph('odd')
  const x = graph.input('x', 'FP32', [-1, 64])
  const weights = normals(64 * 64, 1)
  weights[7] = Number.POSITIVE_INFINITY
  graph.node('MatMul', [x, graph.constant('FP32', [64, 64], weights)], { output: 'y' })
  graph.output('y', 'FP32', [-1, 64])
  for (const name of ['half', 'int8'] as const)
    expect(rewrite(graph.toBytes(), name, 8)).toMatchObject({ kind: 'refused' })
})

/** A file of an old opset: x [rows, 40] clipped, its first 32 columns times a matrix, and what `last` makes of that. */
const oldGraph = (opset: 9 | 10, last: 'Relu' | 'Pad'): Uint8Array => {
  const graph = createGraph('old')
  const x = graph.input('x', 'FP32', [-1, 40])
  const clipped = graph.node('Clip', [x], { attributes: { max: { float: 0.5 } } })
  const columns = { starts: [0], ends: [32], axes: [1] }
  const sliced =
    opset === 9
      ? graph.node('Slice', [clipped], {
          attributes: Object.fromEntries(Object.entries(columns).map(([name, ints]) => [name, { ints }])),
        })
      : graph.node('Slice', [
          clipped,
          ...Object.values(columns).map((ints) => graph.constant('INT64', [1], BigInt64Array.from(ints, BigInt))),
        ])
  const product = graph.node('MatMul', [sliced, graph.constant('FP32', [32, 64], normals(32 * 64, 3))])
  const attributes = last === 'Pad' ? { pads: { ints: [0, 0, 0, 0] } } : {}
  graph.node(last, [product], { output: 'y', attributes })
  graph.output('y', 'FP32', [-1, 64])
  const model = fromBinary(ModelProtoSchema, graph.toBytes())
  model.irVersion = 5n
  model.opsetImport = model.opsetImport.slice(0, 1)
  model.opsetImport[0]!.version = BigInt(opset)
  return toBinary(ModelProtoSchema, model)
}

test.for([9, 10] as const)('a graph of opset %i -> raised to 11 for int8, its answers near', async (opset) => {
  const bytes = oldGraph(opset, 'Relu')
  const int8 = rewritten(bytes, 'int8')
  expect(fromBinary(ModelProtoSchema, int8).opsetImport).toMatchObject([{ version: 11n }])
  expect(graphOf(int8).node.find(({ opType }) => opType === 'Clip')!.input[1]).toBe('')
  const rows = rowsOf(50, 40)
  const error = relativeError(await answerOf(bytes, rows), await answerOf(int8, rows))
  expect(error).toBeGreaterThan(0)
  expect(error).toBeLessThan(0.03)
})

test('a graph of opset 10 with an operator that 11 writes otherwise -> int8 refused', () => {
  expect(rewrite(oldGraph(10, 'Pad'), 'int8', 7)).toEqual({
    kind: 'refused',
    reason: expect.stringContaining('of opset 11 or what can be raised to it'),
  })
})
