// What could not be verified against AWS says so in its row: `unverified on AWS`.
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { AwsError, ClosingError } from '../../../local/service.ts'
import { apiResources, functionArn, serve } from './setup.ts'

test('HEAD -> status and length without a body', async () => {
  const { send } = await serve(apiResources(['ANY /{proxy+}']))
  const answer = await send('/x', { method: 'HEAD' })
  expect([answer.status, answer.body.length]).toEqual([200, 0])
  expect(Number(answer.headers['content-length'])).toBeGreaterThan(0)
})

const refusing = (code: string, status: number) => async () => {
  throw new AwsError(code, 'refused', status)
}
test.for([
  {
    given: 'a function error',
    options: { invoke: async () => ({ kind: 'error', functionError: 'Unhandled', payload: '{}' }) as const },
    status: 500,
    text: 'Internal Server Error',
  },
  {
    given: 'no answer in time',
    options: { invoke: () => new Promise<never>(() => undefined) },
    status: 503,
    text: 'Service Unavailable',
  },
  {
    given: 'a throttled function (unverified on AWS)',
    options: { invoke: refusing('TooManyRequestsException', 429) },
    status: 503,
    text: 'Service Unavailable',
  },
  {
    given: 'an event over 6 MB (unverified on AWS)',
    options: { invoke: refusing('RequestEntityTooLargeException', 413) },
    status: 413,
    text: 'Request Entity Too Large',
  },
  {
    given: 'a runtime that is closing, which is nobody’s fault',
    options: {
      invoke: async () => {
        throw new ClosingError(`${functionArn}: the runtime is closing`)
      },
    },
    status: 503,
    text: 'Service Unavailable',
  },
  {
    given: 'no permission to invoke',
    options: {
      authorizeInvoke: () => {
        throw new AwsError('AccessDeniedException', 'no', 403)
      },
    },
    status: 500,
    text: 'Internal Server Error',
  },
])('$given -> $status', async ({ options, status, text }) => {
  const { send } = await serve(apiResources(['$default'], { integration: { TimeoutInMillis: 50 } }), options)
  const answer = await send('/')
  expect([answer.status, JSON.parse(String(answer.body))]).toEqual([status, { message: text }])
})

test.for([
  {
    key: 'POST /v1/models/{target}',
    method: 'POST',
    path: '/v1/models/m',
    source: 'api/$default/POST/v1/models/{target}',
  },
  { key: 'ANY /a/{proxy+}', method: 'PUT', path: '/a/b/c', source: 'api/$default/PUT/a/{proxy+}' },
  { key: '$default', method: 'GET', path: '/x', source: 'api/$default/$default' },
])('$key -> permission asked for $source', async ({ key, method, path, source }) => {
  const { send, sources } = await serve(apiResources([key]))
  await send(path, { method })
  expect(sources).toEqual([`arn:aws:execute-api:us-east-1:000000000000:${source}`])
})

test.for([
  { given: '10,240 bytes of request line and headers', fill: 0, status: 200 },
  { given: 'one byte more', fill: 1, status: 431 },
])('$given -> $status', async ({ fill, status }) => {
  const { url, send } = await serve(apiResources(['$default']))
  const fixed = 'GET/HostConnectionkeep-alive'.length + new URL(url).host.length + 'X-Fill'.length
  const headers = ['Connection', 'keep-alive', 'X-Fill', 'x'.repeat(10_240 - fixed + fill)]
  expect((await send('/', { headers })).status).toBe(status)
})

test('a body of 10 MB -> taken; of 10 MB and a byte -> 413, declared or not', async () => {
  const { url, send, events } = await serve(apiResources(['$default']), {
    invoke: async (_arn, payload) => ({ kind: 'answer', payload: String(payload.length) }),
  })
  const most = Buffer.alloc(10 * 1024 * 1024, 'x')
  const headers = ['Content-Type', 'text/plain']
  expect((await send('/', { method: 'POST', headers, body: most })).status).toBe(200)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${most.length + 1}\r\n\r\n`)
  expect(String(await new Promise((resolve) => socket.once('data', resolve)))).toMatch(/^HTTP\/1.1 413 /)
  const chunked = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined) // closed by the gateway
  chunked.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  const answered = new Promise((resolve) => chunked.once('data', resolve))
  chunked.write(`${(most.length + 1).toString(16)}\r\n`)
  chunked.write(most)
  chunked.write('x\r\n')
  expect(String(await answered)).toMatch(/^HTTP\/1.1 413 /)
  for (const one of [socket, chunked]) one.destroy()
  expect(events).toEqual([])
})

test('a caller that hangs up in its body -> no invocation, and the next caller is served', async () => {
  const { url, send, events } = await serve(apiResources(['$default']))
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await new Promise<void>((resolve) =>
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab', () => resolve()),
  )
  socket.destroy()
  expect((await send('/')).status).toBe(200)
  expect(events).toHaveLength(1)
})

test('a throttle of one route -> burst, then 429, then as many as the rate gives back', async () => {
  let nowMs = 0
  const stage = {
    DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 },
    RouteSettings: { 'GET /slow': { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3 } },
  }
  const { send } = await serve(apiResources(['GET /slow', '$default'], { stage }), { now: () => nowMs })
  const statuses = async (path: string, count: number) => {
    const all: number[] = []
    for (let index = 0; index < count; index++) all.push((await send(path)).status)
    return all
  }
  expect(await statuses('/slow', 5)).toEqual([200, 200, 200, 429, 429])
  expect(await statuses('/other', 5)).toEqual([200, 200, 200, 200, 200])
  nowMs = 1000
  expect(await statuses('/slow', 3)).toEqual([200, 200, 429])
  expect(String((await send('/slow')).body)).toBe('{"message":"Too Many Requests"}')
})

const CorsConfiguration = {
  AllowOrigins: ['https://a.example'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['Authorization'],
  ExposeHeaders: ['Percall-Cost'],
  MaxAge: 600,
  AllowCredentials: true,
}
test.for([
  { origin: 'https://a.example', allowed: 'https://a.example', methods: 'GET,POST' },
  { origin: 'https://b.example', allowed: undefined, methods: undefined },
])('a preflight from $origin -> 204, allowed origin $allowed, no invocation', async ({ origin, allowed, methods }) => {
  const { send, events } = await serve(apiResources(['$default'], { api: { CorsConfiguration } }))
  const preflight = await send('/', {
    method: 'OPTIONS',
    headers: ['Origin', origin, 'Access-Control-Request-Method', 'POST'],
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers['access-control-allow-origin']).toBe(allowed)
  expect(preflight.headers['access-control-allow-methods']).toBe(methods)
  expect(events).toEqual([])
})

test('CORS headers of the function -> replaced by those of the API', async () => {
  const payload = JSON.stringify({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*', other: 'kept' } })
  const { send } = await serve(apiResources(['$default'], { api: { CorsConfiguration } }), {
    invoke: async () => ({ kind: 'answer', payload }),
  })
  const { headers } = await send('/', { headers: ['Origin', 'https://a.example'] })
  expect(headers).toMatchObject({
    'access-control-allow-origin': 'https://a.example',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'percall-cost',
    other: 'kept',
  })
  expect(headers).not.toHaveProperty('access-control-allow-methods')
})

test('a named stage -> its prefix is in rawPath and not in the route', async () => {
  const { send } = await serve(apiResources(['GET /a'], { stage: { StageName: 'beta', StageVariables: { k: 'v' } } }))
  expect(JSON.parse(String((await send('/beta/a')).body))).toMatchObject({
    rawPath: '/beta/a',
    stageVariables: { k: 'v' },
  })
  expect((await send('/a')).status).toBe(404)
})

test.for([
  {
    given: 'an unknown property of the API',
    parts: { api: { RouteSelectionExpression: 'x' } },
    message: /unknown properties RouteSelectionExpression/,
  },
  {
    given: 'a WebSocket API',
    parts: { api: { ProtocolType: 'WEBSOCKET' } },
    message: /ProtocolType: expected HTTP, got "WEBSOCKET"/,
  },
  {
    given: 'payload format 1.0',
    parts: { integration: { PayloadFormatVersion: '1.0' } },
    message: /PayloadFormatVersion: expected 2.0, got "1.0"/,
  },
  {
    given: 'an HTTP integration',
    parts: { integration: { IntegrationType: 'HTTP_PROXY' } },
    message: /IntegrationType: expected AWS_PROXY/,
  },
  {
    given: 'an authorizer',
    parts: { route: { AuthorizationType: 'JWT' } },
    message: /AuthorizationType: expected NONE, got "JWT"/,
  },
  {
    given: 'a target that is not there',
    parts: { route: { Target: 'integrations/other' } },
    message: /got integrations\/other/,
  },
  {
    given: 'settings of no route',
    parts: { stage: { RouteSettings: { 'GET /none': {} } } },
    message: /no route GET \/none/,
  },
  {
    given: 'half a segment as variable',
    keys: ['POST /v1/{m}:predict'],
    message: /a path variable must be a whole segment, got \{m\}:predict/,
  },
  { given: 'a greedy variable in the middle', keys: ['GET /{all+}/x'], message: /\{all\+\} must be the last segment/ },
])('$given -> an error that names it', async ({ parts, keys = ['$default'], message }) => {
  await expect(serve(apiResources(keys, parts))).rejects.toThrow(message)
})

test('the older form of an integration URI -> the same function', async () => {
  const IntegrationUri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`
  const invoked: string[] = []
  const { send } = await serve(apiResources(['$default'], { integration: { IntegrationUri } }), {
    invoke: async (arn) => {
      invoked.push(arn)
      return { kind: 'answer', payload: '1' }
    },
  })
  await send('/')
  expect(invoked).toEqual([functionArn])
})
