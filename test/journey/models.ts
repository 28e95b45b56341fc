import { createGraph } from '../../src/onnx/graph.ts'

/** model.onnx of y = x + b for rows of one FP32; each b is another file. */
export const addModel = (b: number): Uint8Array => {
  const graph = createGraph('add')
  const x = graph.input('x', 'FP32', [-1, 1])
  graph.node('Add', [x, graph.constant('FP32', [1], Float32Array.of(b))], { output: 'y' })
  graph.output('y', 'FP32', [-1, 1])
  return graph.toBytes()
}

/** A file whose signature can be read, and which ONNX Runtime does not load: a node reads a value that is nowhere. */
export const danglingModel = (): Uint8Array => {
  const graph = createGraph('dangling')
  graph.input('x', 'FP32', [-1, 1])
  graph.node('Identity', ['nowhere'], { output: 'y' })
  graph.output('y', 'FP32', [-1, 1])
  return graph.toBytes()
}

/** model.onnx that gives a vector of two FP32, whole numbers and texts back as they came. */
export const echoModel = (): Uint8Array => {
  const graph = createGraph('echo')
  const inputs = [
    ['x', 'FP32', [-1, 2]],
    ['n', 'INT64', [-1]],
    ['t', 'BYTES', [-1]],
  ] as const
  for (const [name, datatype, shape] of inputs) graph.input(name, datatype, shape)
  for (const [name, datatype, shape] of inputs) {
    graph.node('Identity', [name], { output: `${name}_out` })
    graph.output(`${name}_out`, datatype, shape)
  }
  return graph.toBytes()
}

/** An Open Inference request of `rows` values for addModel. */
export const inferBody = (...values: readonly number[]) => columnBody(values)

export const columnBody = (values: readonly number[]) => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [values.length, 1], data: values }],
})
