/** Runs one model of the package after the other on bare onnxruntime-node, in a process that may end with any of them. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Datatype, TensorData } from '../../src/tensor/tensor.ts'
import { type ModelTest, readModelTest } from './model-test.ts'
import { difference, type Value } from './value.ts'

const types: Readonly<Record<Datatype, string>> = {
  BOOL: 'bool',
  UINT8: 'uint8',
  INT8: 'int8',
  UINT16: 'uint16',
  INT16: 'int16',
  UINT32: 'uint32',
  INT32: 'int32',
  UINT64: 'uint64',
  INT64: 'int64',
  FP16: 'float16',
  BF16: 'bfloat16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
}

const toTensor = ({ datatype, shape, data }: Value): Tensor =>
  // The tensor of 1.30 cannot carry half floats to the binding on a Node with Float16Array; their bits can be given so.
  datatype === 'FP16'
    ? ({ type: 'float16', dims: shape, location: 'cpu', data } as unknown as Tensor)
    : new Tensor(types[datatype] as 'float32', data as Float32Array, shape)

const toValue = ({ type, dims, data }: Tensor): Value => {
  const datatype = (Object.keys(types) as Datatype[]).find((key) => types[key] === type)
  if (!datatype) throw new Error(`expected a type of the protocol, got ${type}`)
  const { buffer, byteOffset, length } = data as Float32Array
  const bits = datatype === 'FP16' ? new Uint16Array(buffer, byteOffset, length) : data
  return { datatype, shape: dims, data: bits as TensorData }
}

const runAll = async ({ bytes, inputs, outputs, foreign, sets }: ModelTest): Promise<string | undefined> => {
  if (foreign.length > 0) return `not run: ${foreign.join(', ')}`
  if (sets.length === 0) return 'not run: no data'
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 })
  try {
    for (const set of sets) {
      const feeds = Object.fromEntries(set.inputs.map((value, i) => [inputs[i], toTensor(value)]))
      const results = await session.run(feeds, outputs)
      for (const [i, name] of outputs.entries()) {
        const expected = set.outputs[i]
        const result = results[name]
        if (!expected || !result) continue
        const words = difference(expected, toValue(result))
        if (words) return `output ${name}: ${words}`
      }
    }
    return undefined
  } finally {
    await session.release()
  }
}

process.on('message', async (folder: string) => {
  const failed = await runAll(readModelTest(folder)).catch((thrown) => String(thrown))
  process.send?.({ failed })
})
