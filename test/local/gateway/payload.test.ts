// What could not be verified against AWS says so in its row: `unverified on AWS`.
import { expect, test } from 'vitest'
import { apiResources, serve } from './setup.ts'

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
test('a request -> the event of format 2.0, whole', async () => {
  const nowMs = Date.UTC(2020, 2, 12, 19, 3, 58, 390)
  const { url, send } = await serve(apiResources(['POST /v1/{model}']), { now: () => nowMs })
  const answer = await send('/v1/ca%20rs?a=1&b=x%20y&a=2&empty', {
    method: 'POST',
    headers: [
      'X-Multi',
      'one',
      'x-multi',
      'two',
      'Cookie',
      'c1=v1; c2=v2',
      'Content-Type',
      'application/json',
      'User-Agent',
      'probe/1',
    ],
    body: '{"x":"é"}',
  })
  const host = new URL(url).host
  expect(JSON.parse(String(answer.body))).toEqual({
    version: '2.0',
    routeKey: 'POST /v1/{model}',
    rawPath: '/v1/ca rs',
    rawQueryString: 'a=1&b=x%20y&a=2&empty',
    cookies: ['c1=v1', 'c2=v2'],
    headers: {
      'content-length': '10',
      'content-type': 'application/json',
      host,
      'user-agent': 'probe/1',
      'x-amzn-trace-id': expect.stringMatching(/^Root=1-5e6a879e-[0-9a-f]{24}$/),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': new URL(url).port,
      'x-forwarded-proto': 'http',
      'x-multi': 'one,two',
    },
    queryStringParameters: { a: '1,2', b: 'x y', empty: '' },
    pathParameters: { model: 'ca rs' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: host,
      domainPrefix: '127',
      http: { method: 'POST', path: '/v1/ca rs', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'probe/1' },
      requestId: expect.stringMatching(/^[\w+/]{15}=$/),
      routeKey: 'POST /v1/{model}',
      stage: '$default',
      time: '12/Mar/2020:19:03:58 +0000',
      timeEpoch: nowMs,
    },
    body: '{"x":"é"}',
    isBase64Encoded: false,
  })
})

test.for([
  { given: 'no body', headers: [], body: undefined, isBase64Encoded: false },
  {
    given: 'application/json',
    headers: ['Content-Type', 'application/json; charset=utf-8'],
    body: '{}',
    isBase64Encoded: false,
  },
  { given: 'text/csv', headers: ['Content-Type', 'text/csv'], body: 'a,b', isBase64Encoded: false },
  {
    given: 'a form',
    headers: ['Content-Type', 'application/x-www-form-urlencoded'],
    body: 'a=b',
    isBase64Encoded: false,
  },
  { given: 'octets', headers: ['Content-Type', 'application/octet-stream'], body: 'ab', isBase64Encoded: true },
  { given: 'no content type (unverified on AWS)', headers: [], body: 'ab', isBase64Encoded: true },
  {
    given: 'gzip and JSON (unverified on AWS)',
    headers: ['Content-Type', 'application/json', 'Content-Encoding', 'gzip'],
    body: 'ab',
    isBase64Encoded: true,
  },
])('body of $given -> isBase64Encoded $isBase64Encoded', async ({ headers, body, isBase64Encoded }) => {
  const { send } = await serve(apiResources(['$default']))
  const event = JSON.parse(String((await send('/', { method: 'POST', headers, ...(body && { body }) })).body))
  expect(event.isBase64Encoded).toBe(isBase64Encoded)
  expect(event.body).toBe(body && (isBase64Encoded ? Buffer.from(body).toString('base64') : body))
})

test.for([
  { given: 'an object without statusCode', payload: { a: 1 }, status: 200, type: 'application/json', body: '{"a":1}' },
  { given: 'a string', payload: 'hello', status: 200, type: 'application/json', body: 'hello' },
  { given: 'null', payload: null, status: 200, type: 'application/json', body: 'null' },
  { given: 'only a status', payload: { statusCode: 202 }, status: 202, type: 'text/plain;charset=UTF-8', body: '' },
  {
    given: 'a status as text',
    payload: { statusCode: '201', body: 'x' },
    status: 201,
    type: 'text/plain;charset=UTF-8',
    body: 'x',
  },
  {
    given: 'base64',
    payload: { statusCode: 200, isBase64Encoded: true, headers: { 'Content-Type': 'image/png' }, body: 'AP8=' },
    status: 200,
    type: 'image/png',
    body: '\u0000\u00ff',
  },
  {
    given: 'a body that is an object (unverified on AWS)',
    payload: { statusCode: 200, body: {} },
    status: 500,
    type: 'application/json',
    body: '{"message":"Internal Server Error"}',
  },
  {
    given: 'a status that is none',
    payload: { statusCode: 'ok' },
    status: 500,
    type: 'application/json',
    body: '{"message":"Internal Server Error"}',
  },
  {
    given: 'a header with a line break',
    payload: { statusCode: 200, headers: { a: 'b\r\nc: d' } },
    status: 500,
    type: 'application/json',
    body: '{"message":"Internal Server Error"}',
  },
])('the function returns $given -> $status', async ({ payload, status, type, body }) => {
  const { send } = await serve(apiResources(['$default']), {
    invoke: async () => ({ kind: 'answer', payload: JSON.stringify(payload) }),
  })
  const answer = await send('/')
  expect([answer.status, answer.headers['content-type'], answer.body.toString('latin1')]).toEqual([status, type, body])
  expect(answer.headers['apigw-requestid']).toMatch(/=$/)
})

test('cookies and headers of the function -> set-cookie lines and headers', async () => {
  const value = {
    statusCode: 200,
    cookies: ['a=1; Path=/', 'b=2'],
    headers: { 'X-Number': 5, 'Content-Length': '99' },
    body: 'x',
  }
  const { send } = await serve(apiResources(['$default']), {
    invoke: async () => ({ kind: 'answer', payload: JSON.stringify(value) }),
  })
  const { headers } = await send('/')
  expect(headers).toMatchObject({ 'set-cookie': ['a=1; Path=/', 'b=2'], 'x-number': '5', 'content-length': '1' })
})
