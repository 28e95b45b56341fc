/** The binary tensor data and classification extensions through the real handler and ONNX Runtime. */
import { gunzipSync } from 'node:zlib'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGraph } from '../../src/onnx/graph.ts'
import { ModelProtoSchema, TypeProtoSchema } from '../../src/onnx/proto/generated/onnx_pb.js'
import {
  bools,
  bytesInput,
  datatypes,
  type EchoDoors,
  echoOf,
  framed,
  input0,
  input1,
  openEchoDoors,
  split,
  uint32s,
  utf8,
} from './echo-doors.ts'

let doors: EchoDoors
const ask: EchoDoors['ask'] = (model, asked) => doors.ask(model, asked)
beforeAll(async () => {
  doors = await openEchoDoors()
})
afterAll(() => doors.close())

test("the specification's request of 19 bytes -> one output in binary, the other in JSON", async () => {
  const outputs = [{ name: 'input0_out', parameters: { binary_data: true } }, { name: 'input1_out' }]
  const answer = await ask('spec', framed({ id: '7', inputs: [input0, input1], outputs }, uint32s, bools))
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/octet-stream' } })
  const { json, binary } = split(answer)
  expect(json).toEqual({
    model_name: 'spec',
    model_version: '1',
    id: '7',
    outputs: [
      { name: 'input0_out', datatype: 'UINT32', shape: [2, 2], parameters: { binary_data_size: 16 } },
      { name: 'input1_out', datatype: 'BOOL', shape: [3], data: [true, false, true] },
    ],
  })
  expect(binary).toEqual(uint32s)
})

test('JSON and binary inputs mixed, all outputs in binary but one -> as each says', async () => {
  const asJson = { name: 'input0', shape: [2, 2], datatype: 'UINT32', data: [1, 256, 65_536, 4_294_967_295] }
  const parameters = { binary_data_output: true, sequence_id: 7, priority: 1, timeout: 9, own: 'word' }
  const outputs = [{ name: 'input1_out' }, { name: 'input0_out', parameters: { binary_data: false } }]
  const answer = await ask('spec', framed({ inputs: [asJson, input1], outputs, parameters }, bools))
  const { json, binary } = split(answer)
  expect(json.outputs).toMatchObject([
    { parameters: { binary_data_size: 3 } },
    { data: [1, 256, 65_536, 4_294_967_295] },
  ])
  expect(binary).toEqual(bools)
})

test('a header that is as long as the body -> plain JSON', async () => {
  const body = JSON.stringify({ inputs: [{ name: 'x', shape: [1], datatype: 'FP64', data: [0.1] }] })
  const headers = { 'inference-header-content-length': String(body.length) }
  expect(await ask('row', { body, headers })).toMatchObject({ status: 200, body: { outputs: [{ data: [0.1] }] } })
})

const extremes: Readonly<Record<(typeof datatypes)[number], readonly number[]>> = {
  BOOL: [0, 1],
  UINT8: [0, 255],
  INT8: [128, 127],
  UINT16: [0, 0, 255, 255],
  INT16: [0, 128, 255, 127],
  // 1, NaN with a payload, the least subnormal.
  FP16: [0, 60, 1, 126, 1, 0],
  UINT32: [255, 255, 255, 255],
  INT32: [0, 0, 0, 128],
  // NaN with a payload, -0, -infinity.
  FP32: [1, 0, 192, 127, 0, 0, 0, 128, 0, 0, 128, 255],
  UINT64: [255, 255, 255, 255, 255, 255, 255, 255],
  INT64: [0, 0, 0, 0, 0, 0, 0, 128],
}
const widths: Readonly<Record<string, number>> = {
  BOOL: 1,
  UINT8: 1,
  INT8: 1,
  UINT16: 2,
  INT16: 2,
  FP16: 2,
  UINT64: 8,
  INT64: 8,
}

test.for(datatypes)('%s raw -> the same bytes', async (datatype) => {
  const bytes = extremes[datatype]
  const headers = { 'inference-header-content-length': '0' }
  const answer = await ask(datatype.toLowerCase(), { body: Uint8Array.from(bytes), headers })
  expect(answer.status).toBe(200)
  const { json, binary } = split(answer)
  expect(json.outputs[0]).toEqual({
    name: 'x_out',
    datatype,
    shape: [bytes.length / (widths[datatype] ?? 4)],
    parameters: { binary_data_size: bytes.length },
  })
  expect(binary).toEqual([...bytes])
})

test('BYTES with their lengths, one empty, one with a byte order mark -> the same bytes', async () => {
  const texts = [3, 0, 0, 0, ...utf8('ä!'), 0, 0, 0, 0, 4, 0, 0, 0, ...utf8('\ufeffa')]
  const answer = await ask('text', framed(bytesInput([3, 1], texts.length), texts))
  expect(split(answer)).toMatchObject({ json: { outputs: [{ shape: [3, 1], datatype: 'BYTES' }] }, binary: texts })
})

test('a raw text -> one element, without a length before it, as Triton reads it', async () => {
  const headers = { 'inference-header-content-length': '0' }
  const answer = await ask('text', { body: Uint8Array.from(utf8('hello')), headers })
  expect(split(answer)).toMatchObject({
    json: { outputs: [{ shape: [1, 1] }] },
    binary: [5, 0, 0, 0, ...utf8('hello')],
  })
})

test.for([
  ['raw, empty body', 'row', [0], { body: new Uint8Array(0), headers: { 'inference-header-content-length': '0' } }],
  [
    'a size of 0',
    'scores',
    [0, 4],
    framed({ inputs: [{ name: 'x', shape: [0, 4], datatype: 'FP32', parameters: { binary_data_size: 0 } }] }),
  ],
  [
    'no rows in JSON',
    'scores',
    [0, 4],
    { body: { inputs: [{ name: 'x', shape: [0, 4], datatype: 'FP32', data: [] }] } },
  ],
  ['no texts', 'text', [0, 1], framed(bytesInput([0, 1], 0))],
] as const)('%s -> an empty tensor', async ([, model, shape, asked]) => {
  const answer = await ask(model, asked)
  expect(answer.status).toBe(200)
  const { outputs } = answer.body ?? split(answer).json
  expect(outputs[0].shape).toEqual(shape)
})

const classed = (data: readonly number[], classification: number, parameters = {}) => ({
  body: {
    inputs: [{ name: 'x', shape: [data.length / 4, 4], datatype: 'FP32', data }],
    outputs: [{ name: 'x_out', parameters: { classification, ...parameters } }],
  },
})

test("Triton's example [1, 5, 10, 4] -> the top classes of each row", async () => {
  const { body } = await ask('scores', classed([1, 5, 10, 4, 0.1, -1, 0.1, 0.3], 2))
  expect(body.outputs).toEqual([
    { name: 'x_out', datatype: 'BYTES', shape: [2, 2], data: ['10:2', '5:1', '0.3:3', '0.1:0'] },
  ])
})

test('more classes than there are, in binary -> all of them, with their lengths', async () => {
  const { json, binary } = split(await ask('scores', classed([1, 5, 10, 4], 9, { binary_data: true })))
  expect(json.outputs[0]).toMatchObject({ datatype: 'BYTES', shape: [1, 4], parameters: { binary_data_size: 29 } })
  expect(Buffer.from(binary).toString('latin1')).toBe('\x04\0\0\x0010:2\x03\0\0\x005:1\x03\0\0\x004:3\x03\0\0\x001:0')
})

test.for([
  [undefined, 200],
  ['{}', 200],
  ['{"ready":true}', 200],
  ['{"ready":"yes"}', 400],
  ['[', 400],
] as const)('the repository index of %s -> %d', async ([body, status]) => {
  const answer = await doors.predict('POST', '/v2/repository/index', { key: doors.key, ...(body && { body }) })
  expect(answer.status).toBe(status)
  if (status === 200) expect(answer.body).toContainEqual({ name: 'row', version: '1', state: 'READY', reason: '' })
})

test.for(['load', 'unload'])('%s of a model, which is not part of this service -> 404', async (word) => {
  const answer = await doors.predict('POST', `/v2/repository/models/row/${word}`, { key: doors.key, body: {} })
  expect(answer).toMatchObject({ status: 404, body: { code: 'UNKNOWN_ROUTE' } })
})

test('metadata for who accepts gzip -> compressed', async () => {
  const names = Array.from({ length: 60 }, (_, i) => [`input_${i}`, 'FP32', [-1]] as const)
  await doors.control('POST', '/api/models/wide/versions', { key: doors.owner, body: echoOf(names) })
  const asked = { key: doors.key, headers: { 'accept-encoding': 'gzip' } }
  const { headers, bytes } = await doors.predict('GET', '/v2/models/wide', asked)
  expect(headers['content-encoding']).toBe('gzip')
  expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ name: 'wide', platform: 'onnxruntime_onnx' })
})

/** y = x, and s = a sequence of x. */
const sequenceModel = (): Uint8Array => {
  const graph = createGraph('sequence')
  const x = graph.input('x', 'FP32', [-1])
  graph.node('SequenceConstruct', [x], { output: 's' })
  graph.node('Identity', [x], { output: 'y' })
  for (const name of ['s', 'y']) graph.output(name, 'FP32', [-1])
  const model = fromBinary(ModelProtoSchema, graph.toBytes())
  const [sequence] = model.graph?.output ?? []
  const elemType = sequence?.type
  if (sequence && elemType)
    sequence.type = create(TypeProtoSchema, { value: { case: 'sequenceType', value: { elemType } } })
  return toBinary(ModelProtoSchema, model)
}

test('a model with a sequence among its outputs -> registers; 501 for it, and the others are answered', async () => {
  const body = sequenceModel()
  expect(await doors.control('POST', '/api/models/sequence/versions', { key: doors.owner, body })).toMatchObject({
    status: 201,
  })
  const inputs = [{ name: 'x', shape: [1], datatype: 'FP32', data: [2] }]
  for (const outputs of [undefined, [{ name: 's' }]])
    expect(await ask('sequence', { body: { inputs, outputs } })).toMatchObject({
      status: 501,
      body: { code: 'OUTPUT_NOT_EXPRESSIBLE', error: 'output s: expected a tensor, the model gives a sequence' },
    })
  expect((await ask('sequence', { body: { inputs, outputs: [{ name: 'y' }] } })).body.outputs).toMatchObject([
    { data: [2] },
  ])
})
