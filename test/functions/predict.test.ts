import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createGraph } from '../../src/onnx/graph.ts'
import { type Asked, openDoors } from './doors.ts'

/** y = sum of the two columns of x, and the whole number n as it came. */
const sumModel = (): Uint8Array => {
  const graph = createGraph('sum')
  const x = graph.input('x', 'FP32', [-1, 2])
  const n = graph.input('n', 'INT64', [-1])
  const axes = graph.constant('INT64', [1], BigInt64Array.of(1n))
  graph.node('ReduceSum', [x, axes], { output: 'y' })
  graph.node('Identity', [n], { output: 'same' })
  graph.output('y', 'FP32', [-1, 1])
  graph.output('same', 'INT64', [-1])
  return graph.toBytes()
}

let doors: Awaited<ReturnType<typeof openDoors>>
let acme = ''
beforeAll(async () => {
  // The handlers log one line a request.
  vi.spyOn(console, 'log').mockImplementation(() => {})
  doors = await openDoors()
  acme = await doors.consumerKey('acme', ['sum', 'nothing'])
  const pushed = await doors.control('POST', '/api/models/sum/versions', { key: doors.owner, body: sumModel() })
  expect(pushed).toMatchObject({ status: 201, body: { name: 'sum', version: 1 } })
})
afterAll(() => doors.close())

const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [0.1, 0.2] }
const n = { name: 'n', datatype: 'INT64', shape: [1], data: [7] }

test('an Open Inference call -> the answer, its cost in the headers, one usage row', async () => {
  const before = (await doors.usageRows()).length
  const { status, headers, body } = await doors.predict('POST', '/v2/models/sum/infer', {
    key: acme,
    body: { id: 'mine', inputs: [x, n], outputs: [{ name: 'y' }] },
  })
  expect(status).toBe(200)
  expect(body).toEqual({
    model_name: 'sum',
    model_version: '1',
    id: 'mine',
    outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 1], data: [0.3] }],
  })
  expect(headers).toMatchObject({ 'percall-version': 'sum/1', 'percall-units': '1', 'percall-cost': '0' })
  expect(headers['percall-cold']).toMatch(/^[01]$/)
  expect(headers['server-timing']).toMatch(/^parse;dur=[\d.]+, load;dur=.*, infer;.*, bill;.*, total;dur=[\d.]+$/)
  const rows = await doors.usageRows()
  expect(rows).toHaveLength(before + 1)
  expect(rows.map(({ requestId }) => requestId)).toContain(headers['percall-request-id'])
})

test('a price by row, the inputs in either order -> the same units: a caller cannot name the cheaper input first', async () => {
  const price = { unit: 'row', amount: '0.000002' }
  await doors.control('POST', '/api/models/ordered/versions', { key: doors.owner, body: sumModel() })
  await doors.control('PUT', '/api/prices/ordered', { key: doors.owner, body: price })
  const key = await doors.consumerKey('by-row', ['ordered'])
  const three = { ...x, shape: [3, 2], data: [1, 2, 3, 4, 5, 6] }
  for (const inputs of [
    [three, n],
    [n, three],
  ]) {
    const { headers } = await doors.predict('POST', '/v2/models/ordered/infer', { key, body: { inputs } })
    expect(headers).toMatchObject({ 'percall-units': '3', 'percall-cost': '0.000006' })
  }
})

test('more rows than money counts -> 413 and free, not a fault of the service', async () => {
  await doors.control('POST', '/api/models/dear/versions', { key: doors.owner, body: sumModel() })
  await doors.control('PUT', '/api/prices/dear', { key: doors.owner, body: { unit: 'row', amount: '9000000' } })
  const key = await doors.consumerKey('rich', ['dear'])
  const before = (await doors.usageRows()).length
  const two = { ...x, shape: [2, 2], data: [1, 2, 3, 4] }
  expect(await doors.predict('POST', '/v2/models/dear/infer', { key, body: { inputs: [two, n] } })).toMatchObject({
    status: 413,
    body: { code: 'TOO_LARGE' },
  })
  expect(await doors.usageRows()).toHaveLength(before)
  const one = await doors.predict('POST', '/v2/models/dear/infer', { key, body: { inputs: [x, n] } })
  expect(one.headers['percall-cost']).toBe('9000000')
})

test('INT64 beyond 2^53 -> comes back exact', async () => {
  const body = `{"inputs":[${JSON.stringify(x)},{"name":"n","datatype":"INT64","shape":[1],"data":[9007199254740993]}]}`
  const event = await doors.predict('POST', '/v2/models/sum/versions/1/infer', { key: acme, body })
  expect(event.status).toBe(200)
  // A parsed body would be rounded: the text is what counts.
  expect(event.text).toContain('"data":[9007199254740993]')
})

test('rows by input name -> one prediction each', async () => {
  const { status, body } = await doors.predict('POST', '/v1/models/sum@1:predict', {
    key: acme,
    body: {
      instances: [
        { x: [1, 2], n: 1 },
        { x: [3, 4], n: 2 },
      ],
    },
  })
  expect(status).toBe(200)
  expect(body).toEqual({
    predictions: [
      { y: [3], same: 1 },
      { y: [7], same: 2 },
    ],
  })
})

const infer = (body: unknown): Asked => ({ body })

test.for<[string, string, string, Asked & { anyone?: true }, number, string]>([
  ['no key', 'POST', '/v2/models/sum/infer', { anyone: true, body: {} }, 401, 'KEY_MISSING'],
  ['a made-up key', 'POST', '/v2/models/sum/infer', { key: `pc_live_${'a'.repeat(33)}` }, 401, 'KEY_UNKNOWN'],
  ['a grant that is missing', 'POST', '/v2/models/other/infer', infer({}), 403, 'NOT_GRANTED'],
  ['an unknown model', 'POST', '/v2/models/nothing/infer', infer({}), 404, 'UNKNOWN_MODEL'],
  ['an unknown version', 'POST', '/v2/models/sum/versions/9/infer', infer({}), 404, 'UNKNOWN_VERSION'],
  ['an unknown alias', 'POST', '/v2/models/sum@canary/infer', infer({}), 404, 'UNKNOWN_ALIAS'],
  ['another verb', 'GET', '/v2/models/sum/infer', {}, 405, 'WRONG_VERB'],
  ['an unknown path', 'GET', '/v2/nowhere', {}, 404, 'UNKNOWN_ROUTE'],
  ['a name escaped twice', 'GET', '/v2/models/%73um', {}, 403, 'NOT_GRANTED'],
  ['broken JSON', 'POST', '/v2/models/sum/infer', infer('{"inputs":'), 400, 'BAD_JSON'],
  ['no body', 'POST', '/v2/models/sum/infer', {}, 400, 'BAD_JSON'],
  ['a wrong type', 'POST', '/v2/models/sum/infer', infer({ inputs: [{ ...x, data: ['a', 1] }, n] }), 400, 'BAD_VALUE'],
  [
    'a wrong shape',
    'POST',
    '/v2/models/sum/infer',
    infer({ inputs: [{ ...x, shape: [2] }, n] }),
    400,
    'SHAPE_MISMATCH',
  ],
  ['an unknown input', 'POST', '/v2/models/sum/infer', infer({ inputs: [{ ...x, name: 'z' }] }), 400, 'UNKNOWN_INPUT'],
  [
    'another media type',
    'POST',
    '/v2/models/sum/infer',
    { body: '{}', headers: { 'content-type': 'text/csv' } },
    415,
    'WRONG_MEDIA_TYPE',
  ],
  [
    'binary tensors that call themselves JSON',
    'POST',
    '/v2/models/sum/infer',
    { body: '{}', headers: { 'inference-header-content-length': '1' } },
    415,
    'WRONG_MEDIA_TYPE',
  ],
  [
    'bytes that are not UTF-8',
    'POST',
    '/v2/models/sum/infer',
    { body: Uint8Array.of(123, 255), headers: { 'content-type': 'application/json' } },
    400,
    'BAD_JSON',
  ],
  [
    'an unknown column',
    'POST',
    '/v1/models/sum:predict',
    infer({ instances: [{ x: [1, 2], n: 1, w: 1 }] }),
    400,
    'UNKNOWN_INPUT',
  ],
  ['no instances', 'POST', '/v1/models/sum:predict', infer({ instances: [] }), 400, 'BAD_REQUEST'],
  ['another verb of a model', 'POST', '/v1/models/sum:tune', infer({}), 404, 'UNKNOWN_ROUTE'],
  ['an owner route with a consumer key', 'GET', '/api/models', {}, 403, 'OWNER_ONLY'],
])('%s -> one problem with its code, nothing charged', async ([, method, path, { anyone, ...asked }, status, code]) => {
  const before = (await doors.usageRows()).length
  const door = path.startsWith('/api') ? doors.control : doors.predict
  const answer = await door(method, path, anyone ? asked : { key: acme, ...asked })
  expect(answer.body).toMatchObject({ status, code, title: code, error: answer.body.detail })
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(await doors.usageRows()).toHaveLength(before)
})

test('an unknown model -> the wording of the protocol', async () => {
  const { body } = await doors.predict('GET', '/v2/models/nothing', { key: acme })
  expect(body.error).toBe("Request for unknown model: 'nothing' is not found")
})

test('Accept: application/json -> the same problem as plain JSON', async () => {
  const headers = { accept: 'application/json' }
  const answer = await doors.predict('GET', '/v2/models/nothing', { key: acme, headers })
  expect(answer.headers['content-type']).toBe('application/json')
})

test('another verb -> the Allow header', async () => {
  const { headers } = await doors.predict('DELETE', '/v2/models/sum/infer', { key: acme })
  expect(headers.allow).toBe('POST')
})

test.for(['/v2/health/live', '/v2/health/ready'])('%s without a key -> live and ready', async (path) => {
  expect(await doors.predict('GET', path)).toMatchObject({ status: 200, body: { live: true, ready: true } })
})

test.for([
  ['GET', '/v2', { name: 'percall', version: '2', extensions: ['binary_tensor_data', 'classification', 'statistics'] }],
  [
    'GET',
    '/v2/',
    { name: 'percall', version: '2', extensions: ['binary_tensor_data', 'classification', 'statistics'] },
  ],
  ['GET', '/v2/models', { models: ['sum'] }],
  ['GET', '/v2/models/sum/ready', { name: 'sum', ready: true }],
  ['POST', '/v2/repository/index', [{ name: 'sum', version: '1', state: 'READY', reason: '' }]],
  ['GET', '/v1/models', { object: 'list', models: ['sum'], data: [{ id: 'sum', object: 'model' }] }],
  [
    'GET',
    '/v2/models/sum@live',
    {
      name: 'sum',
      versions: ['1'],
      platform: 'onnxruntime_onnx',
      inputs: [
        { name: 'x', datatype: 'FP32', shape: [-1, 2] },
        { name: 'n', datatype: 'INT64', shape: [-1] },
      ],
    },
  ],
] as const)('%s %s -> what the key may see', async ([method, path, body]) => {
  expect(await doors.predict(method, path, { key: acme })).toMatchObject({ status: 200, body })
})
