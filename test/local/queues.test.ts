import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEndpoint } from '../../local/endpoint.ts'
import { listen } from '../../local/listen.ts'
import { createQueues, type Queues } from '../../local/queues.ts'
import type { Resource } from '../../local/service.ts'

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`
const urlOf = (name: string) => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`
const resource = (name: string, properties: object = {}): Resource => ({
  stack: 'Test',
  logicalId: name,
  type: 'AWS::SQS::Queue',
  ref: urlOf(name),
  attributes: { Arn: arn(name), QueueName: name },
  properties,
})
let folder: string
let queues: Queues
let sqs: SQSClient
let nowMs = 0
let close: () => Promise<void>
const asked: string[] = []

function openQueues() {
  const opened = createQueues({
    folder,
    now: () => nowMs,
    authorize: (_, action, queue) => void asked.push(`${action} ${queue}`),
    useKey: (_, action, key, via) => void asked.push(`${action} ${key} ${via}`),
  })
  opened.addQueue(resource('q', { RedrivePolicy: { deadLetterTargetArn: arn('dead'), maxReceiveCount: 2 } }))
  opened.addQueue(resource('dead', { KmsMasterKeyId: 'key-arn', MessageRetentionPeriod: 60 }))
  return opened
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'queues-'))
  nowMs = Date.now()
  asked.length = 0
  queues = openQueues()
  const endpointOf = () =>
    createEndpoint({
      services: [queues.service],
      lambda: undefined as never, // no request of these tests is Lambda's
      secretOf: () => 'secret',
      callerOf: () => ({ kind: 'admin' }),
      now: Date.now,
      count: () => undefined,
      onFault: (error) => console.error(error),
    })
  const server = createServer((request, response) => endpointOf()(request, response))
  const port = await listen(server, 0)
  const endpoint = `http://127.0.0.1:${port}`
  sqs = new SQSClient({
    region: 'us-east-1',
    endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: 'K', secretAccessKey: 'secret' },
  })
  close = async () => {
    sqs.destroy()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    queues.close()
    rmSync(folder, { recursive: true })
  }
})
afterEach(() => close())

const send = (MessageBody: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl: urlOf('q'), MessageBody, ...more }))
const receive = async (name = 'q', more: object = {}) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf(name), MaxNumberOfMessages: 10, ...more }))).Messages ??
  []

test('a message -> received once, hidden, visible again after its timeout, gone when deleted', async () => {
  await send('one', { MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } })
  const [first] = await receive('q', { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] })
  expect(first).toMatchObject({
    Body: 'one',
    MessageAttributes: { n: { StringValue: '1' } },
    Attributes: { ApproximateReceiveCount: '1' },
  })
  expect(await receive()).toEqual([])
  nowMs += 30_000
  const [again] = await receive()
  expect(again?.MessageId).toBe(first?.MessageId)
  await sqs.send(new DeleteMessageCommand({ QueueUrl: urlOf('q'), ReceiptHandle: again?.ReceiptHandle }))
  nowMs += 30_000
  expect(await receive()).toEqual([])
})

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
test('received twice with maxReceiveCount 2 -> the third receive finds it in the dead-letter queue', async () => {
  await send('poison')
  for (const _ of [1, 2]) {
    expect(await receive()).toHaveLength(1)
    nowMs += 30_000
  }
  expect(await receive()).toEqual([])
  expect((await receive('dead')).map(({ Body }) => Body)).toEqual(['poison'])
})

test('a dead letter of a service -> kept over reopening, with its key used, until its retention ends', async () => {
  const caller = { kind: 'service', service: 'lambda.amazonaws.com', sourceArn: 'arn:f' } as const
  queues.send(arn('dead'), 'letter', { ErrorCode: { DataType: 'String', StringValue: '200' } }, caller)
  expect(asked).toContain('kms:GenerateDataKey key-arn sqs.us-east-1.amazonaws.com')
  queues.close()
  queues = openQueues()
  expect((await receive('dead', { VisibilityTimeout: 0 })).map(({ Body }) => Body)).toEqual(['letter'])
  nowMs += 61_000
  expect(await receive('dead')).toEqual([])
})

test('a waiting receive -> gets what is sent meanwhile', async () => {
  const waiting = receive('q', { WaitTimeSeconds: 20 })
  await send('late')
  expect((await waiting).map(({ Body }) => Body)).toEqual(['late'])
})

test('twenty receivers of ten messages -> each message once', async () => {
  const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: `${n}` }))
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf('q'), Entries }))
  const all = await Promise.all(Array.from({ length: 20 }, () => receive('q', { MaxNumberOfMessages: 1 })))
  expect(
    all
      .flat()
      .map(({ Body }) => Body)
      .sort(),
  ).toEqual(Entries.map(({ MessageBody }) => MessageBody))
})

test('counts, url and purge -> as the queue is', async () => {
  await send('a')
  await send('b', { DelaySeconds: 60 })
  const attributes = async () =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: urlOf('q'), AttributeNames: ['All'] }))).Attributes
  expect(await attributes()).toMatchObject({
    ApproximateNumberOfMessages: '1',
    ApproximateNumberOfMessagesDelayed: '1',
    QueueArn: arn('q'),
  })
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))).QueueUrl).toBe(urlOf('q'))
  await sqs.send(new PurgeQueueCommand({ QueueUrl: urlOf('q') }))
  expect(await attributes()).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesDelayed: '0',
  })
})

test.for([
  { given: 'an unknown queue', run: () => send('x', { QueueUrl: urlOf('none') }), outcome: 'QueueDoesNotExist' },
  { given: 'a message too large', run: () => send('x'.repeat(1_048_577)), outcome: 'InvalidParameterValue' },
  { given: 'a FIFO group', run: () => send('x', { MessageGroupId: 'g' }), outcome: 'NotImplemented' },
  {
    given: 'eleven messages at once',
    run: () => receive('q', { MaxNumberOfMessages: 11 }),
    outcome: 'InvalidParameterValue',
  },
  {
    given: 'a made-up receipt',
    run: () => sqs.send(new DeleteMessageCommand({ QueueUrl: urlOf('q'), ReceiptHandle: 'x' })),
    outcome: 'ReceiptHandleIsInvalid',
  },
])('$given -> $outcome', async ({ run, outcome }) => {
  expect(
    await run().then(
      () => 'accepted',
      (error: Error) => error.name,
    ),
  ).toBe(outcome)
})

test('an unknown property of a queue -> refused by name', () => {
  expect(() => queues.addQueue(resource('f', { FifoQueue: true }))).toThrow(/FifoQueue/)
})
