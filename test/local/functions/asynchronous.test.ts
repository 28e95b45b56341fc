import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { FunctionsOptions } from '../../../local/functions/functions.ts'
import { arnOf, setup, until } from './setup.ts'

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:dead'
const busArn = 'arn:aws:events:us-east-1:000000000000:event-bus/default'

const runtime = async (options: Partial<FunctionsOptions> = {}) => {
  const lambda = await setup({ retryDelaysMs: [10, 20], authorize: () => undefined, ...options })
  onTestFinished(() => lambda.close())
  const append = (text: string, fail: boolean) => ({ action: 'append', file: join(lambda.folder, 'runs'), text, fail })
  const configure = (name: string, properties: object) =>
    lambda.functions.addEventInvokeConfig({
      stack: 'Test',
      logicalId: 'Config',
      type: 'AWS::Lambda::EventInvokeConfig',
      ref: 'config',
      attributes: {},
      properties: { FunctionName: name, Qualifier: '$LATEST', ...properties },
    })
  const send = (name: string, event: object) => lambda.functions.invokeAsync(arnOf(name), JSON.stringify(event))
  return { ...lambda, append, configure, send, runs: () => readFileSync(join(lambda.folder, 'runs'), 'utf8') }
}

test('an event that fails -> three invocations, then the failure destination with the record of AWS', async () => {
  const { add, configure, send, append, messages, runs } = await runtime()
  add('probe')
  configure('probe', { DestinationConfig: { OnFailure: { Destination: queueArn } } })
  const requestId = send('probe', append('x', true))
  await until(() => messages.length > 0)
  expect(runs()).toBe('x\nx\nx\n')
  expect(messages[0]?.queueArn).toBe(queueArn)
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  expect(JSON.parse(messages[0]?.body ?? '')).toEqual({
    version: '1.0',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    requestContext: {
      requestId,
      functionArn: `${arnOf('probe')}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: append('x', true),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'failed x', trace: expect.any(Array) },
  })
})

test('no retries and a dead-letter queue -> one invocation, the event itself with its attributes', async () => {
  const { add, configure, send, append, messages, runs } = await runtime()
  add('probe', { DeadLetterConfig: { TargetArn: queueArn } })
  configure('probe', { MaximumRetryAttempts: 0 })
  const requestId = send('probe', append('y', true))
  await until(() => messages.length > 0)
  expect(runs()).toBe('y\n')
  expect(messages).toEqual([
    {
      queueArn,
      body: JSON.stringify(append('y', true)),
      attributes: { RequestID: requestId, ErrorCode: '200', ErrorMessage: 'failed y' },
    },
  ])
})

test('success with a bus as destination -> an event of source lambda', async () => {
  const { add, configure, send, append, events } = await runtime()
  add('probe')
  configure('probe', { DestinationConfig: { OnSuccess: { Destination: busArn } } })
  send('probe', append('z', false))
  await until(() => events.length > 0)
  expect(events).toMatchObject([
    {
      source: 'lambda',
      'detail-type': 'Lambda Function Invocation Result - Success',
      detail: { requestContext: { condition: 'Success', approximateInvokeCount: 1 }, responsePayload: 'appended' },
      resources: [busArn, `${arnOf('probe')}:$LATEST`],
    },
  ])
})

test('failure with a function as destination -> it is invoked, by the right of the one that failed', async () => {
  const asked: string[] = []
  const { add, configure, send, append } = await runtime({
    authorize: (caller, action, resource) => void asked.push(`${caller.kind} ${action} ${resource}`),
  })
  add('probe')
  add('told')
  configure('probe', { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: arnOf('told') } } })
  send('probe', append('w', true))
  await until(() => asked.length > 0)
  expect(asked).toEqual([`role lambda:InvokeFunction ${arnOf('told')}`])
})

test('an event older than its maximum age -> not tried again, its destination told EventAgeExceeded', async () => {
  const clock = { offsetMs: 0 }
  const { add, configure, send, append, messages, runs, folder } = await runtime({
    now: () => Date.now() + clock.offsetMs,
    retryDelaysMs: [30, 30],
  })
  add('probe')
  configure('probe', {
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: { OnFailure: { Destination: queueArn } },
  })
  send('probe', append('old', true))
  await until(() => existsSync(join(folder, 'runs')))
  clock.offsetMs = 61_000
  await until(() => messages.length > 0)
  expect(runs()).toBe('old\n')
  const { requestContext } = JSON.parse(messages[0]?.body ?? '')
  expect(requestContext).toMatchObject({ condition: 'EventAgeExceeded', approximateInvokeCount: 1 })
})

test('a function as failure destination -> it gets the record', async () => {
  const { add, configure, send, append, functions, folder } = await runtime()
  add('probe')
  add('told')
  configure('probe', { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: arnOf('told') } } })
  send('probe', append('x', true))
  // The record is no action of the fixture: that invocation fails too, and its own log says with what.
  await until(() => functions.environments().some(({ functionName }) => functionName === 'told'))
  const log = join(folder, 'logs', 'told.log')
  await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('actions[event.action] is not a function'))
})

test('a hundred events at once -> each runs once', async () => {
  const { add, send, append, runs } = await runtime()
  add('probe')
  const texts = Array.from({ length: 100 }, (_, index) => String(index))
  for (const text of texts) send('probe', append(text, false))
  send('probe', append('last', false))
  await until(() => {
    try {
      return runs().trim().split('\n').length === 101
    } catch {
      return false // the file comes with the first event
    }
  })
  expect(runs().trim().split('\n').sort()).toEqual([...texts, 'last'].sort())
})

test.for([
  {
    given: 'a topic as destination',
    properties: { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:x' } } },
    message: /arn:aws:sns:x/,
  },
  { given: 'an unknown property', properties: { Retries: 1 }, message: /unknown properties Retries/ },
])('$given -> an error that names it', async ({ properties, message }) => {
  const { add, configure } = await runtime()
  add('probe')
  expect(() => configure('probe', properties)).toThrow(message)
})

test('an event over 1 MB -> 413', async () => {
  const { add, functions } = await runtime()
  add('probe')
  const payload = JSON.stringify('x'.repeat(1_048_576))
  expect(() => functions.invokeAsync(arnOf('probe'), payload)).toThrow(/smaller than 1048576 bytes/)
})
