import { expect, onTestFinished, test } from 'vitest'
import * as api from '../../client/client.ts'
import { predictRows } from '../../client/rows.ts'
import { ok, type Reply, startService } from './service.ts'

const open = async (reply: Reply) => {
  const service = await startService([reply])
  onTestFinished(service.close)
  return { service, client: api.connect({ url: `${service.url}/`, key: 'pc_live_test', maxRetries: 0 }) }
}

const json = { 'content-type': 'application/problem+json' }

test.for([
  [400, api.BadRequestError],
  [401, api.UnauthorizedError],
  [402, api.PaymentRequiredError],
  [403, api.ForbiddenError],
  [404, api.NotFoundError],
  [405, api.WrongVerbError],
  [409, api.ConflictError],
  [412, api.PreconditionFailedError],
  [413, api.TooLargeError],
  [415, api.WrongMediaTypeError],
  [422, api.UnprocessableError],
  [429, api.TooManyRequestsError],
  [500, api.InternalError],
  [501, api.NotImplementedError],
  [503, api.UnavailableError],
  [504, api.GatewayTimeoutError],
] as const)('status %i -> its own class', async ([status, StatusError]) => {
  const { client } = await open({ status })
  const error = await client.request('GET', '/v2').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StatusError)
  expect(error).toBeInstanceOf(api.ApiError)
  expect(error).toMatchObject({ status, name: StatusError.name })
})

test("the service's body -> code, message, hint, request id", async () => {
  const body = { code: 'UNKNOWN_MODEL', hint: 'list them', requestId: 'abc', error: 'no model m', detail: 'no model m' }
  const { client } = await open({ status: 404, headers: json, body: JSON.stringify(body) })
  await expect(client.request('GET', '/v2/models/m')).rejects.toMatchObject({
    code: 'UNKNOWN_MODEL',
    message: 'no model m',
    hint: 'list them',
    requestId: 'abc',
  })
})

test.for([
  { status: 413, message: 'Request Entity Too Large', code: 'TOO_LARGE' },
  { status: 429, message: 'Too Many Requests', code: 'RATE_LIMITED' },
  { status: 500, message: 'Internal Server Error', code: 'INTERNAL' },
  { status: 503, message: 'Service Unavailable', code: 'NOT_READY' },
])("the gateway's own $status -> the same error as the service's", async ({ status, message, code }) => {
  const headers = { 'content-type': 'application/json', 'apigw-requestid': 'gw1' }
  const { client } = await open({ status, headers, body: JSON.stringify({ message }) })
  await expect(client.request('GET', '/v2')).rejects.toMatchObject({ status, message, code, requestId: 'gw1' })
})

test("a proxy's page -> an error without its HTML", async () => {
  const { client } = await open({ status: 502, headers: { 'content-type': 'text/html' }, body: '<html>down</html>' })
  await expect(client.request('GET', '/v2')).rejects.toMatchObject({
    status: 502,
    message: 'the service answered 502 without saying why',
  })
})

test('objects, bytes and text -> their own content types, the key, one path', async () => {
  const { client, service } = await open(ok)
  await client.request('POST', '/a', { body: { x: 1 }, query: { by: 'day', next: undefined } })
  await client.request('POST', '/b', { body: Uint8Array.of(65, 66) })
  await client.request('POST', '/c', { body: 'x,y', headers: { 'content-type': 'text/csv' } })
  const sent = service.seen.map(({ url, headers, body }) => [url, headers['content-type'], headers.authorization, body])
  expect(sent).toEqual([
    ['/a?by=day', 'application/json', 'Bearer pc_live_test', '{"x":1}'],
    ['/b', 'application/octet-stream', 'Bearer pc_live_test', 'AB'],
    ['/c', 'text/csv', 'Bearer pc_live_test', 'x,y'],
  ])
})

test('a key from a function -> asked for each request', async () => {
  const service = await startService([ok])
  onTestFinished(service.close)
  const keys = ['pc_live_1', 'pc_live_2']
  const client = api.connect({ url: service.url, key: async () => keys.shift() ?? '' })
  await client.request('GET', '/v2')
  await client.request('GET', '/v2')
  expect(service.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer pc_live_1', 'Bearer pc_live_2'])
})

test('an answered call -> predictions with version, units, cost and the cold flag', async () => {
  const headers = {
    'content-type': 'application/json',
    'percall-request-id': 'r1',
    'percall-version': 'cars/3',
    'percall-units': '2',
    'percall-cost': '0.000004',
    'percall-cold': '1',
  }
  const { client, service } = await open({ status: 200, headers, body: '{"predictions":[1.5,null]}' })
  const answer = await predictRows(client)('cars@3', [{ a: 1 }, [2]], { unknown: 'ignore' })
  expect(answer).toEqual({
    predictions: [1.5, null],
    requestId: 'r1',
    version: 'cars/3',
    units: 2,
    cost: '0.000004',
    cold: true,
  })
  expect(service.seen[0]).toMatchObject({
    url: '/v1/models/cars%403:predict?unknown=ignore',
    body: '{"instances":[{"a":1},[2]]}',
  })
})

test("OpenAI's error object -> the codes of docs/errors.md", async () => {
  const error = {
    message: 'no model m; list them',
    type: 'invalid_request_error',
    param: 'model',
    code: 'model_not_found',
  }
  const { client } = await open({ status: 404, headers: json, body: JSON.stringify({ error }) })
  await expect(client.request('POST', '/v1/embeddings')).rejects.toMatchObject({
    code: 'UNKNOWN_MODEL',
    message: 'no model m; list them',
  })
})

test('percall/client -> the same module by its published name', async () => {
  const published = await import('percall/client')
  expect(published.createClient).toBe((await import('../../client/percall.ts')).createClient)
  expect(published.NotFoundError).toBe(api.NotFoundError)
})
