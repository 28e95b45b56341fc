/** What is told of calls: statistics, log lines, traces. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { metricsOf } from '../functions/middleware/printed.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { consumerKey } from './ledger.ts'
import { addModel, inferBody } from './models.ts'
import { pushed } from './pushed.ts'

const data = mkdtempSync(join(tmpdir(), 'percall-statistics-'))
let stack: Stack
const keys: Record<string, string> = {}
beforeAll(async () => {
  stack = await startStack({ data })
  for (const b of [1, 2]) await pushed(stack, 'add', addModel(b))
  for (const id of ['acme', 'other']) keys[id] = await consumerKey(stack, id, ['add'])
})
afterAll(async () => {
  await stack.close()
  rmSync(data, { recursive: true, force: true })
})

const infer = async (key: string | undefined, version: number, values: readonly number[], status = 200) => {
  const options = { body: values.length > 0 ? inferBody(...values) : { inputs: [] }, ...(key !== undefined && { key }) }
  const answer = await stack.send('POST', `/v2/models/add/versions/${version}/infer`, options)
  expect(answer.status).toBe(status)
  return answer
}

const logLines = (): readonly string[] => {
  const folder = join(data, 'logs')
  return readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
}
const jsonLines = () =>
  logLines()
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

test('calls of two consumers and the owner, some refused -> their number, in both planes; a consumer sees its own', async () => {
  for (let i = 0; i < 3; i++) await infer(keys.acme, 2, [1, 2, 3, 4, 5])
  await infer(keys.other, 2, [1])
  await infer(undefined, 1, [1])
  for (let i = 0; i < 2; i++) await infer(keys.acme, 2, [], 400)

  const statOf = async (path: string, key?: string) => {
    const { status, body } = await stack.send('GET', path, key === undefined ? {} : { key })
    expect(status).toBe(200)
    return body.model_stats
  }
  const own = await statOf('/v2/models/add/versions/2/stats', keys.acme)
  expect(own).toEqual([
    {
      name: 'add',
      version: '2',
      last_inference: expect.any(Number),
      inference_count: 15,
      execution_count: 3,
      inference_stats: {
        success: { count: 3, ns: expect.any(Number) },
        fail: { count: 2, ns: expect.any(Number) },
        queue: { count: 3, ns: expect.any(Number) },
        compute_input: { count: 3, ns: expect.any(Number) },
        compute_infer: { count: 3, ns: expect.any(Number) },
        compute_output: { count: 0, ns: 0 },
        cache_hit: { count: 0, ns: 0 },
        cache_miss: { count: 0, ns: 0 },
      },
      response_stats: {},
      batch_stats: [],
      memory_usage: [],
    },
  ])
  expect(own[0].inference_stats.success.ns).toBeGreaterThan(own[0].inference_stats.compute_infer.ns)
  expect(await statOf('/v2/models/add/versions/1/stats', keys.acme)).toMatchObject([
    { execution_count: 0, last_inference: 0 },
  ])
  const all = await statOf('/v2/models/add/stats')
  expect(
    all.map(({ version, execution_count }: { version: string; execution_count: number }) => [version, execution_count]),
  ).toEqual([
    ['1', 1],
    ['2', 4],
  ])
  const { body } = await stack.send('GET', '/api/models/add/stats?window=1h')
  expect(body).toMatchObject({
    name: 'add',
    window: '1h',
    totals: { calls: 5, failed: 2, errors: { MISSING_INPUT: 2 }, rows: 17, coldStarts: 1 },
    versions: [
      { version: 1, calls: 1 },
      { version: 2, calls: 4, failed: 2 },
    ],
  })
  expect(body.totals.p50Ms).toBeGreaterThan(0)
  expect(body.totals.p95Ms).toBeGreaterThanOrEqual(body.totals.p50Ms)
})

test('an environment killed -> the counts that it had put are there', async () => {
  const predicting = () => stack.running.environments().filter(({ functionName }) => /predict/i.test(functionName))
  for (const { pid } of predicting()) process.kill(pid, 'SIGKILL')
  while (predicting().length > 0) await setTimeout(10)
  const { body } = await stack.send('GET', '/v2/models/add/stats')
  expect(body.model_stats.map(({ execution_count }: { execution_count: number }) => execution_count)).toEqual([1, 4])
})

test.for([
  ['/v2/models/none/stats', 404],
  ['/v2/models/add/versions/9/stats', 404],
  ['/api/models/none/stats', 404],
  ['/api/models/add/stats?window=15d', 400],
  ['/api/models/add/stats?window=0h', 400],
] as const)('GET %s -> %d', async ([path, status]) => {
  expect((await stack.send('GET', path)).status).toBe(status)
})

test('a traceparent and a made-up one -> the trace goes on, or a new one begins; the line has it', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }
  const answer = await stack.send('GET', '/v2/models/add', { headers })
  expect(answer.headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
  const refused = await stack.send('GET', '/v2/models/none', { headers })
  expect(refused.headers.get('traceparent')).toContain(traceId)
  expect(refused.headers.get('percall-request-id')).toBe(refused.body.requestId)
  const lines = jsonLines().filter((line) => line.traceId === traceId)
  expect(lines.map(({ status, code }) => [status, code])).toEqual([
    [200, undefined],
    [404, 'UNKNOWN_MODEL'],
  ])
  expect(lines[1].requestId).toBe(refused.body.requestId)
})

test('everything above -> each line is a document of metrics; no key, no value and no body in any log', async () => {
  await infer(keys.acme, 2, [31415.9265])
  const lines = jsonLines().filter(({ message }) => message === 'request')
  expect(lines.length).toBeGreaterThan(15)
  for (const line of lines)
    expect(metricsOf(line)).toHaveProperty([`http.server.request.duration{service=${line.service}}`])
  const text = logLines().join('\n')
  for (const secret of [...Object.values(keys), stack.ownerKey, '31415', '31416']) expect(text).not.toContain(secret)
})

test('a model whose owner asks for inputs -> the first of them in the log, until the owner asks no more', async () => {
  const inputLines = () => jsonLines().filter(({ message }) => message === 'inputs')
  expect((await stack.send('PATCH', '/api/models/add', { body: { logInputs: true } })).body).toMatchObject({
    logInputs: true,
  })
  // Another name of the version: one in use is kept for 10 s.
  expect((await stack.send('PUT', '/api/models/add/aliases/watched', { body: { version: 2 } })).status).toBe(200)
  const answer = await stack.send('POST', '/v2/models/add@watched/infer', {
    body: inferBody(...new Array(100).fill(2.5)),
  })
  expect(answer.status).toBe(200)
  expect(inputLines()).toMatchObject([
    {
      level: 'INFO',
      requestId: answer.headers.get('percall-request-id'),
      model: 'add',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [100, 1], first: new Array(32).fill(2.5) }],
    },
  ])
})
