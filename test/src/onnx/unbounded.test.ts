import { expect, test } from 'vitest'
import { createGraph, type Graph } from '../../../src/onnx/graph.ts'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import {
  type FunctionInit,
  hugeConstantModel,
  loopModel,
  modelOf,
  outerModel,
  valueInfo,
  zerosModel,
} from './hostile.ts'

/** Why a graph with inputs x (FP32 [n, 4]) and k (INT64 [m]) needs a child; undefined where it does not. */
const reasonOf = (make: (graph: Graph) => string): string | undefined => {
  const graph = createGraph('g')
  graph.input('x', 'FP32', [-1, 4])
  graph.input('k', 'INT64', [-1])
  graph.node('Identity', [make(graph)], { output: 'y' })
  graph.output('y', 'FP32', [-1])
  return inspectOnnx(graph.toBytes()).unbounded
}

const one = (graph: Graph): string => graph.constant('INT64', [1], BigInt64Array.of(1n))

test.for<[operator: string, inputs: (graph: Graph) => readonly string[]]>([
  ['ConstantOfShape', () => ['k']],
  ['Expand', () => ['x', 'k']],
  ['Range', (graph) => [one(graph), 'k', one(graph)]],
  ['Tile', () => ['x', 'k']],
  ['Resize', () => ['x', '', '', 'k']],
  ['Upsample', () => ['x', 'k']],
  ['Pad', () => ['x', 'k']],
  ['OneHot', () => ['x', 'k', 'x']],
  ['CenterCropPad', () => ['x', 'k']],
  ['MaxUnpool', () => ['x', 'x', 'k']],
  ['DFT', () => ['x', 'k']],
  ['HannWindow', () => ['k']],
  ['ImageDecoder', () => ['k']],
  ['Expand', (graph) => ['x', graph.node('Cast', [graph.node('Add', ['k', one(graph)])])]],
  ['Expand', (graph) => ['x', graph.node('Concat', [graph.node('Shape', ['x']), 'k'])]],
])('%s sized by the values of an input -> named', ([operator, inputs]) => {
  expect(reasonOf((graph) => graph.node(operator, inputs(graph)))).toBe(
    `operator ${operator} takes a size from the values of an input`,
  )
})

test.for<[operator: string, inputs: (graph: Graph) => readonly string[]]>([
  ['Expand', (graph) => ['x', graph.node('Shape', ['x'])]],
  [
    'Expand',
    (graph) => [
      'x',
      graph.node('Concat', [graph.node('Gather', [graph.node('Shape', ['x']), one(graph)]), one(graph)]),
    ],
  ],
  ['ConstantOfShape', (graph) => [graph.node('Size', ['k'])]],
  ['Range', (graph) => [one(graph), graph.node('Size', ['k']), one(graph)]],
  ['Tile', (graph) => ['x', one(graph)]],
  ['OneHot', (graph) => ['k', one(graph), 'x']],
  ['Reshape', () => ['x', 'k']],
  ['Gather', () => ['x', 'k']],
  ['TopK', () => ['x', 'k']],
  ['NonZero', () => ['x']],
  ['Slice', () => ['x', 'k', 'k']],
])('%s sized by shapes, constants or what it reads -> inline', ([operator, inputs]) => {
  expect(reasonOf((graph) => graph.node(operator, inputs(graph)))).toBeUndefined()
})

const wrap = (opType: string, input: readonly string[], functions: readonly FunctionInit[]): Uint8Array =>
  modelOf(
    {
      input: [valueInfo('x', 1, [4]), valueInfo('k', 7, [1])],
      node: [{ opType, domain: 'mine', input: [...input], output: ['y'] }],
    },
    { functions: [...functions] },
  )
const expands: FunctionInit = {
  name: 'grow',
  domain: 'mine',
  input: ['a', 'b'],
  output: ['c'],
  node: [{ opType: 'Expand', input: ['a', 'b'], output: ['c'] }],
}
const caller: FunctionInit = {
  ...expands,
  name: 'outer',
  node: [{ opType: 'grow', domain: 'mine', input: ['a', 'b'], output: ['c'] }],
}

test.for([
  { what: 'a loop', bytes: loopModel(), reason: 'operator Loop runs a body as often as values say' },
  {
    what: 'zeros by value',
    bytes: zerosModel(),
    reason: 'operator ConstantOfShape takes a size from the values of an input',
  },
  { what: 'a function that expands', bytes: wrap('grow', ['x', 'k'], [expands]), reason: 'operator Expand takes' },
  {
    what: 'a function in a function',
    bytes: wrap('outer', ['x', 'k'], [expands, caller]),
    reason: 'operator Expand takes',
  },
  { what: 'an outer product', bytes: outerModel(), reason: undefined },
  { what: 'a huge constant', bytes: hugeConstantModel(), reason: undefined },
])('$what -> $reason', ({ bytes, reason }) => {
  const { unbounded } = inspectOnnx(bytes)
  if (reason === undefined) expect(unbounded).toBeUndefined()
  else expect(unbounded).toContain(reason)
})

test('nodes in any order -> values are followed all the same', () => {
  const bytes = modelOf({
    input: [valueInfo('x', 1, [4]), valueInfo('k', 7, [1])],
    node: [
      { opType: 'Expand', input: ['x', 'size'], output: ['y'] },
      { opType: 'Identity', input: ['k'], output: ['size'] },
    ],
  })
  expect(inspectOnnx(bytes).unbounded).toContain('operator Expand')
})
