import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../client/client.ts'
import { ok, type Reply, startService } from './service.ts'

const open = async (replies: readonly Reply[], maxRetries?: number) => {
  const service = await startService(replies)
  onTestFinished(service.close)
  const pausesMs: number[] = []
  const client = connect({
    url: service.url,
    key: 'pc_live_test',
    ...(maxRetries !== undefined && { maxRetries }),
    // Pauses are noted, not waited for.
    sleep: async (ms) => void pausesMs.push(ms),
  })
  return { client, service, pausesMs }
}

const refusal = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({ status, headers })

test.for<{ given: string; method: string; first: Reply; tries: number; keyed?: true }>([
  { given: 'GET, 408', method: 'GET', first: refusal(408), tries: 2 },
  { given: 'GET, 429', method: 'GET', first: refusal(429), tries: 2 },
  { given: 'GET, 500', method: 'GET', first: refusal(500), tries: 2 },
  { given: 'GET, 503', method: 'GET', first: refusal(503), tries: 2 },
  { given: 'GET, a connection that ends', method: 'GET', first: 'hang up', tries: 2 },
  { given: 'GET, 400', method: 'GET', first: refusal(400), tries: 1 },
  { given: 'GET, 404', method: 'GET', first: refusal(404), tries: 1 },
  { given: 'GET, 501', method: 'GET', first: refusal(501), tries: 1 },
  {
    given: 'GET, 503 with x-should-retry: false',
    method: 'GET',
    first: refusal(503, { 'x-should-retry': 'false' }),
    tries: 1,
  },
  { given: 'POST, 500', method: 'POST', first: refusal(500), tries: 1 },
  { given: 'POST, 503', method: 'POST', first: refusal(503), tries: 1 },
  { given: 'POST, 429', method: 'POST', first: refusal(429), tries: 1 },
  { given: 'POST, a connection that ends', method: 'POST', first: 'hang up', tries: 1 },
  {
    given: 'POST, 503 with x-should-retry: true',
    method: 'POST',
    first: refusal(503, { 'x-should-retry': 'true' }),
    tries: 2,
  },
  { given: 'PUT, 503', method: 'PUT', first: refusal(503), tries: 1 },
  { given: 'keyed POST, 408', method: 'POST', keyed: true, first: refusal(408), tries: 2 },
  { given: 'keyed POST, 429', method: 'POST', keyed: true, first: refusal(429), tries: 2 },
  { given: 'keyed POST, 500', method: 'POST', keyed: true, first: refusal(500), tries: 2 },
  { given: 'keyed POST, 503', method: 'POST', keyed: true, first: refusal(503), tries: 2 },
  { given: 'keyed POST, a connection that ends', method: 'POST', keyed: true, first: 'hang up', tries: 2 },
  {
    given: 'keyed POST, 409 that names a time',
    method: 'POST',
    keyed: true,
    first: refusal(409, { 'retry-after': '0' }),
    tries: 2,
  },
  { given: 'keyed POST, 409', method: 'POST', keyed: true, first: refusal(409), tries: 1 },
  { given: 'keyed POST, 422', method: 'POST', keyed: true, first: refusal(422), tries: 1 },
  { given: 'keyed POST, 501', method: 'POST', keyed: true, first: refusal(501), tries: 1 },
  {
    given: 'keyed POST, 402 although it names a time and says try again',
    method: 'POST',
    keyed: true,
    first: refusal(402, { 'retry-after': '0', 'x-should-retry': 'true' }),
    tries: 1,
  },
  {
    given: 'keyed POST, 503 with x-should-retry: false',
    method: 'POST',
    keyed: true,
    first: refusal(503, { 'x-should-retry': 'false' }),
    tries: 1,
  },
])('$given -> $tries tries', async ({ method, first, tries, keyed }) => {
  const { client, service } = await open([first, ok])
  const options = { body: method === 'GET' ? undefined : {}, ...(keyed && { idempotencyKey: 'k1' }) }
  const ended = await client.request(method, '/v1/models/m:predict', options).then(
    ({ status }) => status,
    () => 'error',
  )
  expect({ tries: service.seen.length, ended }).toEqual({ tries, ended: tries === 2 ? 200 : 'error' })
  for (const { headers } of service.seen) expect(headers['idempotency-key']).toBe(keyed && 'k1')
})

test('a connection that the other side closed -> one try more, at once, even with maxRetries 0', async () => {
  const { client, service, pausesMs } = await open(['hang up', ok], 0)
  expect((await client.request('GET', '/v2')).status).toBe(200)
  expect({ tries: service.seen.length, pausesMs }).toEqual({ tries: 2, pausesMs: [] })
  const down = await open(['hang up'], 0)
  await expect(down.client.request('GET', '/v2')).rejects.toMatchObject({ name: 'ConnectionError' })
  expect(down.service.seen).toHaveLength(2)
})

test('a logger -> each try with its request id and time, each retry with its pause; no key, no body, no query', async () => {
  const lines: string[] = []
  const logger = { debug: (line: string) => lines.push(line), warn: (line: string) => lines.push(`warn ${line}`) }
  const service = await startService([refusal(503, { 'percall-request-id': 'r1', 'retry-after': '0.01' }), ok])
  onTestFinished(service.close)
  const client = connect({ url: service.url, key: 'pc_live_secret', logger })
  await client.request('POST', '/v1/x', { body: { secret: 1 }, query: { a: 'secret' }, idempotencyKey: 'k1' })
  const where = `POST ${service.url}/v1/x: `
  expect(lines.map((line) => line.replace(/\b\d+ ms$/, 'n ms'))).toEqual([
    `${where}503 NOT_READY r1 in n ms`,
    `warn ${where}503 NOT_READY r1, trying again in 10 ms (1 of 2)`,
    `${where}200 in n ms`,
  ])
})

test.for([
  { given: 'retry-after-ms', headers: { 'retry-after-ms': '12.5' }, pauseMs: 12.5 },
  { given: 'retry-after-ms before Retry-After', headers: { 'retry-after-ms': '7', 'retry-after': '9' }, pauseMs: 7 },
  { given: 'Retry-After in seconds', headers: { 'retry-after': '3' }, pauseMs: 3000 },
  { given: 'Retry-After as a fraction', headers: { 'retry-after': '0.25' }, pauseMs: 250 },
  { given: 'Retry-After of zero', headers: { 'retry-after': '0' }, pauseMs: 0 },
  {
    given: 'Retry-After as a date that has passed',
    headers: { 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' },
    pauseMs: 0,
  },
])('$given -> a pause of $pauseMs ms', async ({ headers, pauseMs }) => {
  const { client, pausesMs } = await open([refusal(503, headers), ok])
  await client.request('GET', '/v2')
  expect(pausesMs).toEqual([pauseMs])
})

test('Retry-After as a date to come -> a pause until then', async () => {
  const date = new Date(Date.now() + 30_000).toUTCString()
  const { client, pausesMs } = await open([refusal(503, { 'retry-after': date }), ok])
  await client.request('GET', '/v2')
  // A date has whole seconds, and the request takes some of them.
  expect(pausesMs[0]).toBeGreaterThan(20_000)
  expect(pausesMs[0]).toBeLessThanOrEqual(30_000)
})

test.for(['soon', '', '-5', 'NaN', 'Infinity'])('Retry-After: "%s" -> the usual pause', async (text) => {
  const { client, pausesMs } = await open([refusal(503, { 'retry-after': text }), ok])
  await client.request('GET', '/v2')
  expect(pausesMs[0]).toBeGreaterThan(374)
  expect(pausesMs[0]).toBeLessThanOrEqual(500)
})

test('Retry-After beyond a minute -> the error at once, with the time', async () => {
  const { client, service } = await open([refusal(429, { 'retry-after': '3600' })])
  await expect(client.request('GET', '/v2')).rejects.toMatchObject({ status: 429, retryAfterMs: 3_600_000 })
  expect(service.seen).toHaveLength(1)
})

test.for([
  { maxRetries: 0, tries: 1 },
  { maxRetries: undefined, tries: 3 },
  { maxRetries: 5, tries: 6 },
])(
  'maxRetries $maxRetries and a service that stays down -> $tries tries, pauses that double',
  async ({ maxRetries, tries }) => {
    const { client, service, pausesMs } = await open([refusal(503)], maxRetries)
    await expect(client.request('GET', '/v2')).rejects.toMatchObject({ status: 503 })
    expect(service.seen).toHaveLength(tries)
    pausesMs.forEach((ms, k) => {
      expect(ms).toBeLessThanOrEqual(Math.min(500 * 2 ** k, 8000))
      expect(ms).toBeGreaterThan(Math.min(500 * 2 ** k, 8000) * 0.74)
    })
  },
)

test('a refused connection -> a POST is tried again: nothing was sent', async () => {
  const service = await startService([ok])
  await service.close()
  const pausesMs: number[] = []
  const client = connect({ url: service.url, sleep: async (ms) => void pausesMs.push(ms) })
  await expect(client.request('POST', '/v1/models/m:predict', { body: {} })).rejects.toMatchObject({
    name: 'ConnectionError',
    code: 'ECONNREFUSED',
    status: undefined,
  })
  expect(pausesMs).toHaveLength(2)
})

test('silence beyond the time of a try -> TimeoutError, a POST tried once', async () => {
  const service = await startService(['silence'])
  onTestFinished(service.close)
  let tries = 0
  const counted: typeof fetch = (target, init) => {
    tries += 1
    return fetch(target, init)
  }
  // On a busy machine a try may be over before the service has seen it.
  const client = connect({ url: service.url, timeoutMs: 50, fetch: counted })
  await expect(client.request('POST', '/v2')).rejects.toMatchObject({ name: 'TimeoutError', code: 'TIMED_OUT' })
  expect(tries).toBe(1)
})

test("the caller's abort -> thrown as it is, during a try and during a pause", async () => {
  const service = await startService(['silence'])
  onTestFinished(service.close)
  const abort = new AbortController()
  const asked = connect({ url: service.url }).request('GET', '/v2', { signal: abort.signal })
  abort.abort(new Error('enough'))
  await expect(asked).rejects.toThrow('enough')

  const down = await startService([refusal(503, { 'retry-after': '30' })])
  onTestFinished(down.close)
  const second = new AbortController()
  const paused = connect({ url: down.url }).request('GET', '/v2', { signal: second.signal })
  const stop = setInterval(() => down.seen.length > 0 && second.abort(new Error('enough now')), 5)
  await expect(paused).rejects.toThrow('enough now')
  clearInterval(stop)
})
