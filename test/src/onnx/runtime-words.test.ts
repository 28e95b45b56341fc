import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import type { Attribute } from '../../../src/onnx/attribute.ts'
import { createGraph, type Graph } from '../../../src/onnx/graph.ts'
import { isOutOfMemory, refusalWords } from '../../../src/onnx/runtime-words.ts'
import { type GraphInit, gatherModel, modelOf, valueInfo, zerosModel } from './hostile.ts'

/** Paths, source files and C++ of the machine that built ONNX Runtime. */
const leak = /[\\/]\w|\.(?:cc|cpp|h)\b|::|onnxruntime|Ort|\bstd\b|0x[0-9a-f]{4}/

const options = { logSeverityLevel: 4 as const, intraOpNumThreads: 1 }

const failureOf = async (bytes: Uint8Array, feeds: Readonly<Record<string, Tensor>> = {}, outputs = ['y']) => {
  try {
    const session = await InferenceSession.create(bytes, options)
    await session.run(feeds, outputs)
  } catch (thrown) {
    return (thrown as Error).message // ONNX Runtime throws Errors
  }
  throw new Error('expected a failure of ONNX Runtime, got an answer')
}

const floats = (shape: readonly number[], value = 0): Tensor =>
  new Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape)
const longs = (values: readonly bigint[], shape = [values.length]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values), shape)

/** y = operator(inputs) of inputs a and b of any size. */
const graphOf = (operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}) => {
  const graph: Graph = createGraph('g')
  for (const name of new Set(inputs)) {
    const [type, rank] = name.split('_')
    graph.input(name, type === 'i' ? 'INT64' : type === 's' ? 'BYTES' : 'FP32', new Array(Number(rank)).fill(-1))
  }
  graph.node(operator, inputs, { attributes, output: 'y' })
  graph.output('y', operator === 'OneHotEncoder' ? 'FP32' : 'FP32', [-1])
  return graph.toBytes()
}
const fixed = modelOf({ input: [valueInfo('x', 1, ['n', 4])] })

test.for<[what: string, bytes: Uint8Array, feeds: Readonly<Record<string, Tensor>>, words: string]>([
  ['a wrong size', fixed, { x: floats([1, 5]) }, 'input x: dimension 1: expected 4, got 5'],
  ['a wrong rank', fixed, { x: floats([4]) }, 'input x: expected 2 dimensions, got 1'],
  [
    'a wrong type',
    fixed,
    { x: longs([1n, 2n, 3n, 4n], [1, 4]) },
    'an input: expected elements of type float, got int64',
  ],
  ['no input', fixed, {}, 'input x: expected a tensor, got none'],
  [
    'an index beyond',
    gatherModel(),
    { i: longs([7n, 7n], [1, 2]) },
    'operator GatherElements: expected indices in range, got one beyond',
  ],
  [
    'an index beyond',
    graphOf('Gather', ['f_2', 'i_1']),
    { f_2: floats([3, 2]), i_1: longs([7n]) },
    'operator Gather: expected indices from -3 to 2, got 7',
  ],
  [
    'an index beyond',
    graphOf('GatherND', ['f_2', 'i_2']),
    { f_2: floats([3, 2]), i_2: longs([7n], [1, 1]) },
    'operator GatherND: expected an index in range, got 7',
  ],
  [
    'sizes that do not broadcast',
    graphOf('Add', ['f_1', 'g_1']),
    { f_1: floats([4]), g_1: floats([3]) },
    'operator Add: expected equal sizes or 1, got 3 and 4',
  ],
  [
    'sizes that do not multiply',
    graphOf('MatMul', ['f_2', 'g_2']),
    { f_2: floats([2, 3]), g_2: floats([4, 2]) },
    'operator MatMul: expected inner dimensions of equal size',
  ],
  [
    'sizes that do not join',
    graphOf('Concat', ['f_2', 'g_2'], { axis: { int: 0 } }),
    { f_2: floats([1, 4]), g_2: floats([1, 3]) },
    'operator Concat: dimension 1: expected equal sizes, got 3 and 4',
  ],
  [
    'another count',
    graphOf('Reshape', ['f_1', 'i_1']),
    { f_1: floats([4]), i_1: longs([3n, 3n]) },
    'operator Reshape: expected as many elements as [3,3], got [4]',
  ],
  [
    'a text that is no number',
    graphOf('Cast', ['s_1'], { to: { int: 1 } }),
    { s_1: new Tensor('string', ['abc'], [1]) },
    'operator Cast: expected texts that are numbers',
  ],
  [
    'a shape that does not expand',
    graphOf('Expand', ['f_1', 'i_1']),
    { f_1: floats([2]), i_1: longs([5n]) },
    'operator Expand: invalid expand shape',
  ],
  [
    'a negative size',
    zerosModel(),
    { n: longs([-5n]) },
    'operator ConstantOfShape: expected sizes of 0 or more, got a negative one',
  ],
  [
    '4 TB',
    zerosModel(),
    { n: longs([10n ** 12n]) },
    'operator ConstantOfShape: expected to fit into memory, got a buffer of 4000000000000 bytes',
  ],
  [
    '2^62 numbers',
    zerosModel(),
    { n: longs([2n ** 62n]) },
    'operator ConstantOfShape: expected a size that can be counted, got one beyond 64 bits',
  ],
  [
    'a kernel larger than its image',
    graphOf('MaxPool', ['f_4'], { kernel_shape: { ints: [5, 5] } }),
    { f_4: floats([1, 1, 2, 2]) },
    'operator MaxPool: Calculated output dimension is negative. Check kernel_shape, pads, strides and dilations',
  ],
  [
    'other channels',
    graphOf('Conv', ['f_4', 'g_4']),
    { f_4: floats([1, 1, 2, 2]), g_4: floats([2, 3, 1, 1]) },
    'operator Conv: expected 3 channels, got 1',
  ],
])('%s -> %3$s', async ([, bytes, feeds, words]) => {
  const message = await failureOf(bytes, feeds)
  expect(refusalWords(message)).toBe(words)
  expect(refusalWords(message)).not.toMatch(leak)
  expect(isOutOfMemory(message)).toBe(/memory|64 bits/.test(words))
})

const node = (more: GraphInit['node']): Uint8Array => modelOf({ node: more ?? [] })

test.for<[what: string, bytes: Uint8Array, words: string]>([
  [
    'an operator that is none',
    node([{ opType: 'Nope', input: ['x'], output: ['y'] }]),
    'operator Nope is not known in opset 21',
  ],
  [
    'a domain without opset',
    node([{ opType: 'Relu', domain: 'evil', input: ['x'], output: ['y'] }]),
    'operators of domain evil are used without an opset import',
  ],
  [
    'a value that nothing makes',
    node([{ opType: 'Relu', input: ['q'], output: ['y'] }]),
    'value q is read by a node and made by none',
  ],
  [
    'an output that nothing makes',
    node([{ opType: 'Relu', input: ['x'], output: ['q'] }]),
    'output y is made by no node',
  ],
  ['a circle', node([{ opType: 'Relu', input: ['y'], output: ['y'] }]), 'its nodes form a circle'],
  [
    'another type',
    modelOf({ output: [valueInfo('y', 7, ['n', 4])] }),
    'value y: expected elements of type float, got int64',
  ],
  ['a newer IR', modelOf({}, { irVersion: 14n }), 'IR version 14: expected at most 13'],
  ['a newer opset', modelOf({}, { opsetImport: [{ version: 27n }] }), 'opset 27 is newer than this runtime'],
  ['no opset', modelOf({}, { opsetImport: [] }), 'it imports no opset'],
  ['no model', Uint8Array.of(1, 2, 3), 'its bytes are no ONNX protobuf'],
])('a file with %s -> %2$s', async ([, bytes, words]) => {
  const message = await failureOf(bytes)
  expect(refusalWords(message)).toBe(words)
  expect(refusalWords(message)).not.toMatch(leak)
})

test.for([
  'Load model from /home/someone/secret/model.onnx failed:File does not exist',
  '/onnxruntime_src/onnxruntime/core/framework/x.cc:12 void f(std::string) something',
  "Non-zero status code returned while running Foo node. Name:'a' Status Message: C:\\build\\x.cpp broke",
  '',
])('words that no pattern knows: %j -> one sentence without a path', (message) => {
  const words = refusalWords(message)
  expect(words).toContain('the model and its inputs do not fit together')
  expect(words).not.toMatch(leak)
})
