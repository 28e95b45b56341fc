import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeRuleCommand, EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { expect, onTestFinished, test } from 'vitest'
import type { BusOptions } from '../../../local/bus/bus.ts'
import { AwsError } from '../../../local/service.ts'
import { serveJson } from '../json-server.ts'
import { functionArn, machineArn, openBus, queueArn, ruleArnOf, ruleResource } from './buses.ts'

const open = async (changes: Partial<BusOptions> = {}) => {
  const opened = openBus(changes)
  const server = await serveJson(opened.bus.service, () => ({ kind: 'admin' }))
  const client = new EventBridgeClient({
    region: 'us-east-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  onTestFinished(async () => {
    client.destroy()
    await opened.bus.close()
    await server.close()
  })
  return { ...opened, client }
}

const shop = { EventPattern: { source: ['shop'] } }
const order = { Source: 'shop', DetailType: 'Order', Detail: '{"id":1}', Resources: ['r'] }
const toFunction = { Id: 'f', Arn: functionArn }

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
test('PutEvents -> function, state machine and queue get the event', async () => {
  const { bus, client, arrived } = await open()
  const Targets = [
    toFunction,
    { Id: 'm', Arn: machineArn, RoleArn: 'role' },
    { Id: 'q', Arn: queueArn, InputPath: '$.detail' },
  ]
  bus.addRule(ruleResource('all', { ...shop, Targets }))
  bus.addRule(ruleResource('other', { EventPattern: { source: ['other'] }, Targets }))
  bus.addRule(ruleResource('off', { ...shop, State: 'DISABLED', Targets }))
  bus.start()
  const answer = await client.send(new PutEventsCommand({ Entries: [order] }))
  const received = await arrived(3)
  const event = {
    version: '0',
    id: answer.Entries![0]!.EventId,
    source: 'shop',
    'detail-type': 'Order',
    account: '000000000000',
    region: 'us-east-1',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    resources: ['r'],
    detail: { id: 1 },
  }
  const bodies = Object.fromEntries(received.map(({ to, body }) => [to, body]))
  expect(bodies).toEqual({ [functionArn]: event, [machineArn]: event, [queueArn]: { id: 1 } })
  expect(received).toHaveLength(3)
})

// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
test('entries of which three are wrong -> each refused by itself, the good one delivered', async () => {
  const { bus, client, arrived } = await open()
  bus.addRule(ruleResource('all', { ...shop, Targets: [toFunction] }))
  bus.start()
  const Entries = [order, { ...order, Detail: '{' }, { ...order, Source: 'aws.s3' }, { Source: 'shop', Detail: '{}' }]
  const answer = await client.send(new PutEventsCommand({ Entries }))
  expect(answer.FailedEntryCount).toBe(3)
  expect(answer.Entries!.map(({ ErrorCode }) => ErrorCode)).toEqual([
    ...[undefined, 'MalformedDetail', 'NotAuthorizedForSourceException', 'InvalidArgument'],
  ])
  expect(await arrived(1)).toHaveLength(1)
})

test.for([
  ['eleven entries', Array.from({ length: 11 }, () => order)],
  ['more than 256 KiB', [{ ...order, Detail: JSON.stringify({ x: 'x'.repeat(262_144) }) }]],
] as const)('PutEvents of %s -> ValidationException', async ([, Entries]) => {
  const { client } = await open()
  const put = client.send(new PutEventsCommand({ Entries: [...Entries] }))
  await expect(put).rejects.toMatchObject({ name: 'ValidationException' })
})

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
const exhausted = { RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: queueArn } }
const aged = { RetryPolicy: { MaximumEventAgeInSeconds: 60 }, DeadLetterConfig: { Arn: queueArn } }
const broken = () => {
  throw new Error('broken')
}
const gone = () => {
  throw new AwsError('ResourceNotFoundException', 'no such function', 404)
}
test.for([
  ['a target that fails', exhausted, { invokeAsync: broken }, ['ERROR_FROM_TARGET', 'MaximumRetryAttempts', '2']],
  [
    'a target that fails until the event is too old',
    aged,
    { invokeAsync: broken },
    // How often it was tried again until then depends on how busy the machine is.
    ['ERROR_FROM_TARGET', 'MaximumEventAgeInSeconds', expect.stringMatching(/^\d+$/)],
  ],
  [
    'a function without permission for the rule',
    exhausted,
    { permits: () => false },
    ['NO_PERMISSIONS', undefined, '0'],
  ],
  ['a function that is gone', exhausted, { invokeAsync: gone }, ['NO_RESOURCE', undefined, '0']],
] as const)('%s -> the dead-letter queue with its attributes', async ([, policy, ports, attributes]) => {
  const { bus, client, arrived } = await open(ports)
  bus.addRule(ruleResource('all', { ...shop, Targets: [{ ...toFunction, Input: '{"n":1}', ...policy }] }))
  bus.start()
  await client.send(new PutEventsCommand({ Entries: [order] }))
  const [letter] = await arrived(1)
  expect([letter!.to, letter!.body]).toEqual([queueArn, { n: 1 }])
  const texts = Object.fromEntries(
    Object.entries(letter!.attributes!).map(([name, { StringValue }]) => [name, StringValue]),
  )
  expect([texts.RULE_ARN, texts.TARGET_ARN]).toEqual([ruleArnOf('all'), functionArn])
  expect([texts.ERROR_CODE, texts.EXHAUSTED_RETRY_CONDITION, texts.RETRY_ATTEMPTS]).toEqual(attributes)
})

test('a target that fails once -> the event arrives at the second attempt', async () => {
  let calls = 0
  const { bus, client } = await open({ invokeAsync: () => (++calls === 1 ? broken() : undefined) })
  bus.addRule(ruleResource('all', { ...shop, Targets: [toFunction] }))
  bus.start()
  await client.send(new PutEventsCommand({ Entries: [order] }))
  while (calls < 2) await new Promise((resolve) => setTimeout(resolve, 2))
  expect(calls).toBe(2)
})

test('a schedule of one minute -> Scheduled Event again and again; a disabled one never', async () => {
  const { bus, arrived } = await open()
  const schedule = { ScheduleExpression: 'rate(1 minute)' }
  bus.addRule(ruleResource('tick', { ...schedule, Targets: [toFunction] }))
  bus.addRule(ruleResource('off', { ...schedule, State: 'DISABLED', Targets: [{ Id: 'q', Arn: queueArn }] }))
  bus.start()
  // A third may have come meanwhile.
  const received = (await arrived(2)).slice(0, 2)
  expect(received.map(({ to }) => to)).toEqual([functionArn, functionArn])
  expect(received[0]!.body).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: [ruleArnOf('tick')],
    detail: {},
  })
})

test('ListRules and DescribeRule -> the rules; an unknown one is ResourceNotFoundException', async () => {
  const { bus, client } = await open()
  bus.addRule(ruleResource('all', { ...shop, Description: 'every order', Targets: [] }))
  const { Rules } = await client.send(new ListRulesCommand({ NamePrefix: 'a' }))
  expect(Rules!.map(({ Name, State }) => [Name, State])).toEqual([['all', 'ENABLED']])
  const described = await client.send(new DescribeRuleCommand({ Name: 'all' }))
  expect(described).toMatchObject({ Description: 'every order', EventPattern: '{"source":["shop"]}' })
  const unknown = client.send(new DescribeRuleCommand({ Name: 'none' }))
  await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test.for([
  ['a property', { ...shop, ManagedBy: 'x' }, /property ManagedBy/],
  ['another bus', { ...shop, EventBusName: 'mine' }, /EventBusName: expected default, got mine/],
  ['neither pattern nor schedule', {}, /one of EventPattern and ScheduleExpression/],
  ['an operator', { EventPattern: { source: [{ cidr: '::/0' }] } }, /operator cidr is not supported/],
  [
    'a target of another service',
    { ...shop, Targets: [{ Id: 't', Arn: 'arn:aws:sns:us-east-1:0:t' }] },
    /Arn arn:aws:sns/,
  ],
  ['a state machine without a role', { ...shop, Targets: [{ Id: 't', Arn: machineArn }] }, /needs a RoleArn/],
  ['a property of a target', { ...shop, Targets: [{ ...toFunction, EcsParameters: {} }] }, /property EcsParameters/],
] as const)('a rule with %s -> refused by name when it is added', async ([, properties, message]) => {
  const { bus } = await open()
  expect(() => bus.addRule(ruleResource('refused', properties))).toThrow(message)
})

test('kill -9 after an event was accepted -> it is delivered at the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-bus-'))
  const program = new URL('./crash-child.ts', import.meta.url).pathname
  const child = spawn('node', [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.kill('SIGKILL')
  await exited

  const { bus, arrived } = await open({ folder })
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  bus.addRule(ruleResource('kept', { ...shop, Targets: [{ Id: 't', Arn: functionArn }] }))
  bus.start()
  expect((await arrived(1)).map(({ body }) => body)).toMatchObject([{ source: 'shop', detail: { id: 1 } }])
})
