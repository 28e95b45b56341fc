import { expect, test } from 'vitest'
import { type InferOptions, inferQuestion } from '../../client/infer.ts'
import { joinFrame } from '../../src/tensor/frame.ts'

const bytesOf = (body: string | Uint8Array): Buffer => Buffer.from(body as Uint8Array)

/**
 * What tritonclient 2.x sends, put together by hand from tritonclient/http/_utils.py (_get_inference_request: members and
 * their order, rapidjson without spaces, then the raw data of the inputs in order), _infer_input.py (_get_tensor) and
 * utils/__init__.py (serialize_byte_tensor: `<I` and the text); numbers are numpy's tobytes() of a little-endian machine.
 */
const triton = {
  json:
    '{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}},' +
    '{"name":"n","shape":[1],"datatype":"INT64","parameters":{"binary_data_size":8}},' +
    '{"name":"t","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":11}},' +
    '{"name":"h","shape":[1],"datatype":"FP16","parameters":{"binary_data_size":2}},' +
    '{"name":"b","shape":[2],"datatype":"BOOL","parameters":{"binary_data_size":2}}],' +
    '"parameters":{"binary_data_output":true}}',
  // struct.pack: '<ff' of 0.5 and -1.5; '<q' of 2**53 + 1; '<I' and UTF-8 of 'é' and 'x'; '<e' of 1.0; '<??'.
  data: ['0000003f0000c0bf', '0100000000002000', '02000000c3a90100000078', '003c', '0100'].join(''),
}

test("inputs of every kind as bytes -> the request of NVIDIA's Python client, byte for byte", () => {
  const { headers, body } = inferQuestion(
    'm',
    {
      x: { data: Float32Array.of(0.5, -1.5), shape: [1, 2] },
      n: BigInt64Array.of(2n ** 53n + 1n),
      t: ['é', 'x'],
      h: { data: Uint16Array.of(0x3c00), datatype: 'FP16' },
      b: [true, false],
    },
    { format: 'binary' },
  )
  expect(bytesOf(body).toString('hex')).toBe(Buffer.from(triton.json).toString('hex') + triton.data)
  expect(headers).toEqual({
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(triton.json.length),
  })
})

test('chosen outputs and parameters -> members of the request', () => {
  const options: InferOptions = {
    outputs: ['y', { name: 'z', classification: 2 }],
    parameters: { a: 1 },
    format: 'json',
  }
  const { path, body } = inferQuestion('cars@3', { x: Float32Array.of(0.5) }, options)
  expect(path).toBe('/v2/models/cars%403/infer')
  expect(body).toBe(
    '{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[0.5]}],' +
      '"outputs":[{"name":"y"},{"name":"z","parameters":{"classification":2}}],"parameters":{"a":1}}',
  )
})

test.for([
  { given: 'a few numbers', value: new Float32Array(255), type: 'application/json' },
  { given: '1 KB', value: new Float32Array(256), type: 'application/octet-stream' },
  { given: 'NaN', value: Float32Array.of(Number.NaN), type: 'application/octet-stream' },
  {
    given: 'bits of FP16',
    value: { data: Uint16Array.of(1), datatype: 'FP16' as const },
    type: 'application/octet-stream',
  },
])('$given -> $type', ({ value, type }) => {
  expect(inferQuestion('m', { x: value }).headers['content-type']).toBe(type)
})

test('whole numbers beyond 2^53 -> exact in JSON', () => {
  const { body } = inferQuestion('m', { n: BigInt64Array.of(2n ** 53n + 1n) }, { format: 'json' })
  expect(body).toContain('"data":[9007199254740993]')
})

const { read } = inferQuestion('m', { x: Float32Array.of(1) })
const answer = (body: Uint8Array, headers: Record<string, string>) =>
  read({ status: 200, headers: new Headers(headers), body, requestId: undefined }).outputs

const jsonAnswer = (outputs: string) =>
  answer(Buffer.from(`{"outputs":[${outputs}]}`), { 'content-type': 'application/json' })

test.for([
  ['FP32', '[0.1,null]', Float32Array.of(0.1, Number.NaN)],
  ['FP64', '[[0.1],[12345678901234567890.5]]', Float64Array.of(0.1, Number('12345678901234567890.5'))],
  [
    'FP64',
    '[0.1234567890123456789, 1e300, -12345678901234567890]',
    Float64Array.of(Number('0.1234567890123456789'), 1e300, -12345678901234567000),
  ],
  ['INT64', '[-9223372036854775808,7]', BigInt64Array.of(-(2n ** 63n), 7n)],
  ['UINT64', '[18446744073709551615]', BigUint64Array.of(2n ** 64n - 1n)],
  ['INT32', '[-1]', Int32Array.of(-1)],
  ['INT16', '[-1]', Int16Array.of(-1)],
  ['INT8', '[-1]', Int8Array.of(-1)],
  ['UINT32', '[1]', Uint32Array.of(1)],
  ['UINT16', '[1]', Uint16Array.of(1)],
  ['UINT8', '[1]', Uint8Array.of(1)],
  ['BOOL', '[true,false]', Uint8Array.of(1, 0)],
  ['BYTES', '["a\\"12345678901234567890","9007199254740993"]', ['a"12345678901234567890', '9007199254740993']],
] as const)('%s as JSON %s -> its typed array', ([datatype, json, data]) => {
  const { y } = jsonAnswer(`{"name":"y","datatype":"${datatype}","shape":[2],"data":${json}}`)
  expect(y).toEqual({ datatype, shape: [2], data })
})

const mixed = joinFrame(
  '{"id":"}{","outputs":[{"name":"a","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}},' +
    '{"name":"b","datatype":"BYTES","shape":[1],"data":["\\"{"]},' +
    '{"name":"c","datatype":"INT64","shape":[1],"parameters":{"binary_data_size":8}}]}',
  [Buffer.from('0000c07f', 'hex'), Buffer.from('7b7d22ffffffff7f', 'hex')],
)

test.for([
  { given: 'its header length', headers: { 'inference-header-content-length': String(mixed.headerBytes) } },
  { given: 'no header length, as a stored answer comes', headers: {} },
])('JSON and bytes mixed, with $given -> each output in its typed array', ({ headers }) => {
  const outputs = answer(mixed.body, { 'content-type': 'application/octet-stream', ...headers })
  expect(outputs).toEqual({
    a: { datatype: 'FP32', shape: [1], data: Float32Array.of(Number.NaN) },
    b: { datatype: 'BYTES', shape: [1], data: ['"{'] },
    c: { datatype: 'INT64', shape: [1], data: BigInt64Array.of(0x7fffffffff227d7bn) },
  })
})
