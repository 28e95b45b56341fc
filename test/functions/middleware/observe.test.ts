import middy from '@middy/core'
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { expect, test, vi } from 'vitest'
import type { PredictPorts } from '../../../adapters/wiring/predict.ts'
import { chargedFigures, laterFigures } from '../../../functions/middleware/call-figures.ts'
import { observe } from '../../../functions/middleware/observe.ts'
import { observed } from '../../../functions/middleware/observed.ts'
import { problem } from '../../../functions/middleware/problem.ts'
import { sized } from '../../../functions/predict/sized.ts'
import { PercallError } from '../../../src/errors.ts'
import { NeedsLarge } from '../../../src/registry/placement.ts'
import { linesOf, metricsOf } from './printed.ts'

const secret = 'pc_live_planted'
const context = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 1000 } as Context // what is read of it
const event = (headers: Record<string, string> = {}) =>
  ({
    rawPath: '/v2/models/add/infer',
    headers: { authorization: `Bearer ${secret}`, ...headers },
    body: '{"planted":"body"}',
    requestContext: { requestId: 'request-1', http: { method: 'POST' } },
  }) as unknown as APIGatewayProxyEventV2 // what the handler reads of it

const handlerOf = (answer: () => Promise<{ statusCode: number; headers?: Record<string, string> }>, failures = 0) =>
  middy()
    .use(observe('predict', { ledgerFailures: () => failures }))
    .use(problem())
    .handler(answer)

const called = async () => ({
  statusCode: 200,
  headers: {
    'percall-version': 'add/3',
    'percall-cost': '0.001',
    'server-timing': 'parse;dur=0.10, load;dur=2.50, infer;dur=4.25, bill;dur=1.00, total;dur=7.85',
  },
})

test('an answered call -> one line with the request and its metrics; the second is no cold start', async () => {
  const handler = handlerOf(called)
  const lines = await linesOf(async () => {
    await handler(event(), context)
    await handler(event(), context)
  })
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatchObject({
    level: 'INFO',
    service: 'predict',
    requestId: 'request-1',
    invocationId: 'invocation-1',
    method: 'POST',
    path: '/v2/models/add/infer',
    status: 200,
    durationMs: expect.any(Number),
  })
  expect(metricsOf(lines[0]!)).toEqual({
    'http.server.request.duration{service=predict}': expect.any(Number),
    'faas.coldstarts{service=predict}': 1,
    'percall.calls{service=predict}': 1,
    'percall.call.cost{service=predict}': 0.001,
    'percall.call.load.duration{service=predict}': 2.5,
    'percall.call.infer.duration{service=predict}': 4.25,
  })
  expect(metricsOf(lines[1]!)).not.toHaveProperty(['faas.coldstarts{service=predict}'])
  expect(JSON.stringify(lines)).not.toMatch(/planted/)
})

test('a call handed on to the large function, a 500 of that one, then one of its own -> figures and faults of the own one alone', async () => {
  const needsLarge = new NeedsLarge({ model: 'dense', number: 1 })
  const answers = [await called(), { statusCode: 500, headers: {} }]
  const callLarge = async () => answers.shift()
  const { handOn, wasHandedOn } = sized({ callLarge } as Pick<PredictPorts, 'callLarge'>) // its answers are of any type
  const outcomes = [() => handOn(event(), needsLarge), () => handOn(event(), needsLarge), called]
  const handler = middy()
    .use(observe('predict', { wasHandedOn }))
    .use(problem())
    .handler(() => outcomes.shift()!())
  const lines = await linesOf(async () => {
    for (let request = 0; request < 3; request++) await handler(event(), context)
  })
  const figures = lines.map((line) => Object.keys(metricsOf(line)).filter((name) => /percall|errors/.test(name)))
  expect(figures.map((names) => names.includes('percall.calls{service=predict}'))).toEqual([false, false, true])
  expect(figures.slice(0, 2)).toEqual([[], []])
})

test('calls that are answered later, and shards -> what this attempt charged, once', () => {
  expect(laterFigures({ 'percall-cost': '0.25', 'percall-units': '2' })).toEqual({
    'percall.calls': 1,
    'percall.call.cost': 0.25,
  })
  expect(laterFigures(undefined)).toEqual({})
  expect(chargedFigures(617_283_945)).toEqual({ 'percall.call.cost': 0.617283945 })
})

test('a refusal -> INFO with its code, counted by code, without its words', async () => {
  const handler = handlerOf(async () => {
    throw new PercallError('BAD_VALUE', 'input x: expected a number, got planted')
  })
  const [line = {}] = await linesOf(() => handler(event(), context))
  expect(line).toMatchObject({ level: 'INFO', status: 400, code: 'BAD_VALUE' })
  expect(metricsOf(line)).toMatchObject({ 'percall.errors{service=predict,error.type=BAD_VALUE}': 1 })
  expect(metricsOf(line)).not.toHaveProperty(['faas.errors{service=predict}'])
  expect(JSON.stringify(line)).not.toMatch(/planted/)
})

test('a fault -> ERROR with its cause, counted; ledger writes that failed are counted', async () => {
  const handler = handlerOf(async () => {
    throw new PercallError('OUTCOME_UNKNOWN', 'no answer', { cause: new Error('socket hang up') })
  }, 2)
  const [line = {}] = await linesOf(() => handler(event(), context))
  expect(line).toMatchObject({ level: 'ERROR', status: 503, cause: expect.stringMatching(/^Error: socket hang up/) })
  expect(metricsOf(line)).toMatchObject({
    'faas.errors{service=predict}': 1,
    'faas.errors{}': 1,
    'percall.ledger.failures{service=predict}': 2,
    'percall.errors{service=predict,error.type=OUTCOME_UNKNOWN}': 1,
  })
})

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
test.for([
  {
    given: `00-${traceId}-00f067aa0ba902b7-01`,
    answered: new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`),
  },
  { given: 'made up', answered: /^00-(?!4bf92f)[0-9a-f]{32}-[0-9a-f]{16}-00$/ },
])('traceparent $given -> $answered in the answer, its trace in the line', async ({ given, answered }) => {
  const handler = handlerOf(called)
  const answers: { headers?: Record<string, unknown> }[] = []
  const [line = {}] = await linesOf(async () => answers.push(await handler(event({ traceparent: given }), context)))
  const { traceparent, 'percall-request-id': requestId } = answers[0]?.headers ?? {}
  expect(traceparent).toMatch(answered)
  expect(requestId).toBe('request-1')
  expect(line.traceId).toBe(String(traceparent).slice(3, 35))
})

test('an event -> one line with its facts; a refusal without its words, a fault with its stack', async () => {
  const work = observed<{ id: string; thrown?: Error }, { key: string }>(
    'probe',
    async ({ thrown }) => {
      if (thrown) throw thrown
      return { key: 'artifact' }
    },
    ({ id }, answer) => ({ id, ...answer }),
  )
  const lines = await linesOf(async () => {
    await work({ id: 'a' }, context)
    const refusal = new PercallError('NOT_ONNX', 'file: planted')
    await expect(work({ id: 'b', thrown: refusal }, context)).rejects.toThrow(refusal)
    await expect(work({ id: 'c', thrown: new Error('disk full') }, context)).rejects.toThrow('disk full')
  })
  expect(lines).toMatchObject([
    { level: 'INFO', service: 'probe', id: 'a', key: 'artifact' },
    { level: 'INFO', id: 'b', code: 'NOT_ONNX' },
    { level: 'ERROR', id: 'c', error: expect.stringMatching(/^Error: disk full/) },
  ])
  expect(lines.map((line) => Object.keys(metricsOf(line)))).toEqual([
    ['faas.invoke_duration{service=probe}', 'faas.coldstarts{service=probe}'],
    ['faas.invoke_duration{service=probe}', 'percall.errors{service=probe,error.type=NOT_ONNX}'],
    [
      'faas.invoke_duration{service=probe}',
      'faas.errors{service=probe}',
      'percall.errors{service=probe,error.type=INTERNAL}',
      'faas.errors{}',
    ],
  ])
  expect(JSON.stringify(lines)).not.toMatch(/planted/)
})

test.for([
  '2026-11-29T00:00:00.000Z',
  '2026-11-29T23:59:59.999Z',
  '2026-11-30T01:02:03.004Z',
  '2024-02-29T12:30:05.060Z',
])('a line at %s -> that time', async (time) => {
  vi.useFakeTimers({ now: new Date(time), toFake: ['Date'] })
  try {
    const handler = handlerOf(called)
    const [line] = await linesOf(() => handler(event(), context))
    expect(line).toMatchObject({ timestamp: time, _aws: { Timestamp: Date.parse(time) } })
  } finally {
    vi.useRealTimers()
  }
})
