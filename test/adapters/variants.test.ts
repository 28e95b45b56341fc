import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { optimiseFile } from '../../adapters/variants/optimise-file.ts'
import { createGraph } from '../../src/onnx/graph.ts'
import { inspectOnnx } from '../../src/onnx/inspect.ts'
import { outputQuality } from '../../src/optimise/quality.ts'
import { answerOf, netGraph, rowsOf } from '../src/onnx/optimise/graphs.ts'

const program = { file: join(import.meta.dirname, '../../adapters/child/child.ts'), options: [], environment: {} }
const deps = {
  ...{ program, threads: 1, weightBits: 7 as const },
  limits: { timeMs: 60_000, memoryMb: 1500 },
  timing: { mostRuns: 3, mostMs: 20 },
} as const

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'percall-variants-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const optimised = async (bytes: Uint8Array, policy: string, others = {}) => {
  const path = join(folder, 'model.onnx')
  await writeFile(path, bytes)
  return optimiseFile(deps)({ path, folder, policy, judge: outputQuality, others })
}

test('a net without labels, smallest within 20 % -> int8, with figures of every variant', async () => {
  const bytes = netGraph([30, 128, 128, 1])
  const { optimisation, path } = await optimised(bytes, 'smallest:20%')
  expect(optimisation).toMatchObject({ chosen: 'int8', weightBits: 7, reason: expect.stringContaining('of the size') })
  expect(path).toBe(join(folder, 'int8.onnx'))
  const found = Object.fromEntries(optimisation.variants.map((variant) => [variant.name, variant]))
  expect(Object.keys(found)).toEqual(['float', 'simplified', 'cleaned', 'half', 'int8', 'pruned'])
  expect(found.cleaned).toMatchObject({ state: 'refused', reason: expect.stringContaining('got none') })
  expect(found.float).toMatchObject({
    state: 'measured',
    figures: { sizeBytes: bytes.length },
    quality: { largest: 0 },
  })
  for (const name of ['float', 'half', 'int8', 'pruned']) {
    const { figures } = found[name] as { figures: Record<string, unknown> }
    expect(figures).toMatchObject({ oneRow: { p50Ms: expect.any(Number) }, batch: { rows: 224 } })
  }
  expect(found.pruned).toMatchObject({ beyond: expect.stringContaining('expected a difference of at most 20 %') })
})

test('variants made wrong on purpose, the smallest of all -> refused with their reasons, the graph stays', async () => {
  const wrong = (input: string): Uint8Array => {
    const graph = createGraph('wrong')
    const x = graph.input(input, 'FP32', [-1, 30])
    graph.node('MatMul', [x, graph.constant('FP32', [30, 1], rowsOf(30, 1).data)], { output: 'y' })
    graph.output('y', 'FP32', [-1, 1])
    return graph.toBytes()
  }
  const bytes = netGraph([30, 64, 1])
  const others = { narrow: async () => wrong('x'), half: async () => wrong('z') }
  const { optimisation, path } = await optimised(bytes, 'smallest:0.0001%', others)
  expect(optimisation).toMatchObject({ chosen: 'float' })
  expect(path).toBe(join(folder, 'model.onnx'))
  const found = Object.fromEntries(optimisation.variants.map((variant) => [variant.name, variant]))
  expect(found.narrow).toMatchObject({
    state: 'measured',
    beyond: expect.stringMatching(/^answers: expected a difference of at most 0.0001 % of the largest, got \d/),
  })
  expect(found.half).toMatchObject({ state: 'refused', reason: expect.stringContaining('inputs and outputs') })
  expect(found.simplified).toMatchObject({ state: 'measured' })
  const simplified = await readFile(join(folder, 'simplified.onnx'))
  expect(inspectOnnx(simplified).operators.every((name) => name.startsWith(':'))).toBe(true)
  const rows = rowsOf(20, 30)
  const [a, b] = [await answerOf(bytes, rows), await answerOf(simplified, rows)]
  expect(a.every((value, i) => Math.abs(value - b[i]!) < 1e-5)).toBe(true)
})

test('a graph that answers by chance -> every variant refused, the graph stays', async () => {
  const graph = createGraph('chance')
  const x = graph.input('x', 'FP32', [-1, 4])
  graph.node('Add', [x, graph.node('RandomNormalLike', [x])], { output: 'y' })
  graph.output('y', 'FP32', [-1, 4])
  const { optimisation } = await optimised(graph.toBytes(), 'smallest:1%')
  expect(optimisation.chosen).toBe('float')
  expect(new Set(optimisation.variants.map((variant) => variant.state === 'refused' && variant.reason))).toEqual(
    new Set(['the graph itself: expected equal answers to equal inputs, got others']),
  )
})
