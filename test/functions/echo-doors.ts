import { vi } from 'vitest'
import { createGraph } from '../../src/onnx/graph.ts'
import type { Datatype } from '../../src/tensor/tensor.ts'
import { type Asked, openDoors } from './doors.ts'

export const datatypes = [
  'BOOL',
  'UINT8',
  'INT8',
  'UINT16',
  'INT16',
  'FP16',
  'UINT32',
  'INT32',
  'FP32',
  'UINT64',
  'INT64',
] as const

/** One Identity for each input. */
export const echoOf = (inputs: readonly (readonly [string, Datatype, readonly number[]])[]): Uint8Array => {
  const graph = createGraph('echo')
  for (const [name, datatype, shape] of inputs) graph.input(name, datatype, shape)
  for (const [name, datatype, shape] of inputs) {
    graph.node('Identity', [name], { output: `${name}_out` })
    graph.output(`${name}_out`, datatype, shape)
  }
  return graph.toBytes()
}

/** The handlers with echo models, and a consumer's key for all of them. */
export const openEchoDoors = async () => {
  // The handlers log one line a request.
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const doors = await openDoors()
  const key = await doors.consumerKey('acme', ['*'])
  const models: Record<string, Uint8Array> = {
    spec: echoOf([
      ['input0', 'UINT32', [2, 2]],
      ['input1', 'BOOL', [3]],
    ]),
    scores: echoOf([['x', 'FP32', [-1, 4]]]),
    row: echoOf([['x', 'FP64', [-1]]]),
    square: echoOf([['x', 'FP32', [-1, -1]]]),
    text: echoOf([['t', 'BYTES', [-1, 1]]]),
    half: echoOf([['h', 'FP16', [-1]]]),
    ...Object.fromEntries(datatypes.map((datatype) => [datatype.toLowerCase(), echoOf([['x', datatype, [-1]]])])),
  }
  for (const [name, body] of Object.entries(models)) {
    const pushed = await doors.control('POST', `/api/models/${name}/versions`, { key: doors.owner, body })
    if (pushed.status !== 201) throw new Error(`model ${name}: expected 201, got ${pushed.text}`)
  }
  const ask = (model: string, asked: Asked) => doors.predict('POST', `/v2/models/${model}/infer`, { key, ...asked })
  return { ...doors, key, ask }
}

export type EchoDoors = Awaited<ReturnType<typeof openEchoDoors>>

type Bytes = string | Uint8Array | readonly number[]

export const bytesOf = (...parts: readonly Bytes[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)))

/** A body of JSON with bytes behind it. */
export const framed = (header: unknown, ...parts: readonly Bytes[]): Asked => {
  const json = Buffer.from(JSON.stringify(header))
  return {
    body: new Uint8Array(bytesOf(json, ...parts)),
    headers: { 'inference-header-content-length': String(json.length) },
  }
}

/** The JSON of an answer, and the bytes behind it. */
export const split = ({ bytes, headers }: Awaited<ReturnType<EchoDoors['ask']>>) => {
  const length = Number(headers['inference-header-content-length'])
  return { json: JSON.parse(bytes.subarray(0, length).toString()), binary: [...bytes.subarray(length)] }
}

export const utf8 = (text: string): number[] => [...Buffer.from(text)]
export const bytesInput = (shape: readonly number[], size: number) => ({
  inputs: [{ name: 't', shape, datatype: 'BYTES', parameters: { binary_data_size: size } }],
  parameters: { binary_data_output: true },
})

export const x4 = { name: 'x', shape: [1, 4], datatype: 'FP32', parameters: { binary_data_size: 16 } }
export const sixteen = new Uint8Array(16)

// The request of the extension's own example, its 19 bytes written by hand.
export const input0 = { name: 'input0', shape: [2, 2], datatype: 'UINT32', parameters: { binary_data_size: 16 } }
export const input1 = { name: 'input1', shape: [3], datatype: 'BOOL', parameters: { binary_data_size: 3 } }
export const uint32s = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 255, 255, 255, 255]
export const bools = [1, 0, 1]
