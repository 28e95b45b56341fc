import { createGraph } from '../../src/onnx/graph.ts'
import type { Datatype } from '../../src/tensor/tensor.ts'

const echoed = {
  f: 'FP32',
  d: 'FP64',
  n: 'INT64',
  u: 'UINT64',
  i: 'INT32',
  s: 'INT16',
  c: 'INT8',
  ui: 'UINT32',
  us: 'UINT16',
  uc: 'UINT8',
  h: 'FP16',
  b: 'BOOL',
  t: 'BYTES',
} as const satisfies Readonly<Record<string, Datatype>>

/** model.onnx that answers each input of two sizes as it came, `f` as `f_out`: one of every datatype. */
export const everyDatatype = (): Uint8Array => {
  const graph = createGraph('every')
  for (const [name, datatype] of Object.entries(echoed)) graph.input(name, datatype, [-1, -1])
  for (const [name, datatype] of Object.entries(echoed)) {
    graph.node('Identity', [name], { output: `${name}_out` })
    graph.output(`${name}_out`, datatype, [-1, -1])
  }
  return graph.toBytes()
}
