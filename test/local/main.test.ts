import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Running, startLocal } from '../../local/main.ts'
import { runTypes } from '../../local/resources.ts'
import { synthesiseFixture } from './fixtures/app.ts'

const root = mkdtempSync(join(tmpdir(), 'local-'))
let assembly: string
beforeAll(async () => {
  assembly = await synthesiseFixture(join(root, 'fixture'))
})
afterAll(() => rmSync(root, { recursive: true }))

// biome-ignore lint/suspicious/noExplicitAny: a JSON answer of the fixture
type Answer = { readonly status: number; readonly body: any }
const call = async ({ url }: { url: string }, path: string, body = ''): Promise<Answer> => {
  const response = await fetch(url + path, { method: 'PUT', body })
  return { status: response.status, body: await response.json() }
}
/** Asks until the answer fits; the test's own time limit ends it. */
const until = async (ask: () => Promise<Answer>, fits: (body: Answer['body']) => boolean): Promise<Answer['body']> => {
  for (;;) {
    const { body } = await ask()
    if (fits(body)) return body
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
const ended = (local: { url: string }, name: string) =>
  until(
    () => call(local, `/execution/${name}`),
    ({ status }) => status !== undefined && status !== 'RUNNING',
  )
const clientOptions = (local: Pick<Running, 'adminCredentials' | 'awsEndpoint'>) => ({
  region: 'us-east-1',
  endpoint: local.awsEndpoint,
  credentials: local.adminCredentials,
  maxAttempts: 1,
})

describe('the fixture, started', () => {
  let local: Running
  const data = join(root, 'data')
  beforeAll(async () => {
    local = await startLocal({ assembly, data, port: 0 })
  })
  afterAll(() => local.close())
  const item = (sk: string) => ({
    TableName: local.outputs.FixtureService!.TableName!,
    Key: { pk: { S: 'ITEM' }, sk: { S: sk } },
  })

  test('PUT through the gateway -> function -> table', async () => {
    expect(await call(local, '/items/a', 'hello')).toMatchObject({ status: 200 })
    expect(await call(local, '/item/a')).toEqual({ status: 200, body: 'hello' })
    const { Item } = await new DynamoDBClient(clientOptions(local)).send(new GetItemCommand(item('a')))
    expect(Item!.text).toEqual({ S: 'hello' })
  })

  test('an action that no policy grants -> AccessDeniedException in the words of AWS, recorded', async () => {
    const { body } = await call(local, '/scan/x')
    expect(body).toEqual({
      code: 'AccessDeniedException',
      message: expect.stringMatching(
        /^User: arn:aws:sts::000000000000:assumed-role\/FixtureService-DoorServiceRole\w+\/FixtureService-Door\w+ is not authorized to perform: dynamodb:Scan on resource: arn:aws:dynamodb:us-east-1:000000000000:table\/FixtureStorage-Table\w+ because no identity-based policy allows the dynamodb:Scan action$/,
      ),
    })
    expect(local.access.denied().map(({ action }) => action)).toContain('dynamodb:Scan')
  })

  test('an object in the bucket -> event -> rule -> function -> row', async () => {
    expect(await call(local, '/objects/o', 'bytes')).toMatchObject({ status: 200 })
    expect(await until(() => call(local, '/item/seen'), Boolean)).toBe('seen/o')
    const s3 = new S3Client({ ...clientOptions(local), endpoint: local.s3Endpoint, forcePathStyle: true })
    const Bucket = local.outputs.FixtureService!.BucketName!
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'seen/o' }))
    expect(await Body!.transformToString()).toBe('bytes')
  })

  test('a state machine with a wait and a function -> SUCCEEDED with its output', async () => {
    await call(local, '/start/one', JSON.stringify({ n: 21 }))
    expect(await ended(local, 'one')).toEqual({ status: 'SUCCEEDED', output: '{"doubled":42}' })
  })

  test('Lambda by its SDK -> payload; an unknown function -> ResourceNotFoundException', async () => {
    const lambda = new LambdaClient(clientOptions(local))
    const FunctionName = local.environments().find(({ functionName }) => functionName.includes('Work'))!.functionName
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{"n":4}' }))
    expect(JSON.parse(Buffer.from(answer.Payload!).toString())).toEqual({ doubled: 8 })
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })

  test('a function invokes another by its role -> the answer; without the permission -> AccessDeniedException', async () => {
    expect(await call(local, '/invoke/work', '{"n":5}')).toMatchObject({
      body: { status: 200, payload: '{"doubled":10}' },
    })
    const { body } = await call(local, '/invoke/seen', '{}')
    expect(body).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringMatching(/not authorized to perform: lambda:InvokeFunction on resource: .*Seen/),
    })
  })

  test('InvocationType Event that fails -> 202, then the record in the queue of its failure destination', async () => {
    expect(await call(local, '/invoke/event', '{"n":{"no":"number"}}')).toMatchObject({ body: { status: 202 } })
    const queue = new SQSClient(clientOptions(local))
    const QueueUrl = local.outputs.FixtureService!.QueueUrl!
    const receive = async () =>
      (await queue.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }))).Messages
    let messages = await receive()
    while (messages === undefined) messages = await receive()
    expect(JSON.parse(messages[0]!.Body!)).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
      requestPayload: { n: { no: 'number' } },
    })
  })

  test('grants of the functions after all that -> GetItem of Seen is unused, PutItem of Door is not', () => {
    const unused = local.access.unused([]).map(({ role, action }) => `${role.replace(/ServiceRole.*/, '')} ${action}`)
    expect(unused).toContain('FixtureService-Seen dynamodb:GetItem')
    expect(unused).not.toContain('FixtureService-Door dynamodb:PutItem')
    expect(unused).not.toContain('FixtureService-Door kms:Decrypt')
  })

  test('a request without a signature -> MissingAuthenticationTokenException', async () => {
    const response = await fetch(local.awsEndpoint, { method: 'POST', body: '{}' })
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
  })

  test.for([
    { target: 'DynamoDB_20120810.toString', message: 'the operation DynamoDB_20120810.toString is not implemented' },
    { target: 'Kinesis_20131202.PutRecord', message: 'the service of Kinesis_20131202.PutRecord is not implemented' },
  ])('$target -> UnknownOperationException: $message', async ({ target, message }) => {
    const tables = new DynamoDBClient(clientOptions(local))
    tables.middlewareStack.add(
      (next) => (args) => {
        // The serialised request of @smithy/protocol-http.
        Object.assign((args.request as { headers: object }).headers, { 'x-amz-target': target })
        return next(args)
      },
      { step: 'build' },
    )
    await expect(tables.send(new ListTablesCommand())).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message,
    })
  })

  test('a made-up access key -> UnrecognizedClientException', async () => {
    const credentials = { accessKeyId: 'AKIAMADEUP', secretAccessKey: 'x' }
    const tables = new DynamoDBClient({ ...clientOptions(local), credentials })
    await expect(tables.send(new ListTablesCommand())).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
  })

  test('a second service on the same data -> an error that names the folder and the process', async () => {
    await expect(startLocal({ assembly, data, port: 0 })).rejects.toThrow(
      `${data} is in use by another local service (process ${process.pid})`,
    )
  })

  test('credentials -> readable by their owner only', () => {
    expect(statSync(join(data, 'credentials.json')).mode & 0o777).toBe(0o600)
  })

  test('logs -> one file a function', () => {
    expect(readdirSync(join(data, 'logs')).filter((name) => name.includes('Door'))).toHaveLength(1)
  })

  test('explain -> every type that runs has a service, and the others are checked only', () => {
    const running = local.explain().filter(({ kind }) => kind === 'run')
    expect(running.map(({ type }) => type)).toEqual([...runTypes].sort())
    expect(local.explain()).toContainEqual({ type: 'AWS::CloudWatch::Alarm', kind: 'checked only' })
  })
})

test.for([
  { without: 'dynamodb:PutItem', refused: 'dynamodb:PutItem on resource: arn:aws:dynamodb' },
  { without: 'kms:Decrypt', refused: 'kms:Decrypt on resource: arn:aws:kms' },
] as const)('the template without $without -> AccessDeniedException that names it', async ({ without, refused }) => {
  const folder = join(root, without.replace(':', '-'))
  const local = await startLocal({
    assembly: await synthesiseFixture(folder, { without }),
    data: join(folder, 'data'),
    port: 0,
  })
  try {
    const { body } = await call(local, '/items/a', 'hello')
    expect(body.message).toContain(`is not authorized to perform: ${refused}`)
  } finally {
    await local.close()
  }
})

test('a port in use -> an error that names it, and the data folder is free again', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo // TCP
  const data = join(root, 'taken')
  await expect(startLocal({ assembly, data, port })).rejects.toThrow(`port ${port} is in use`)
  taken.close()
  await (await startLocal({ assembly, data, port: 0 })).close()
})

test('kill -9 and a restart -> rows, ports and keys are there, the execution ends', async () => {
  const data = join(root, 'killed')
  const start = async (name: string) => {
    const readyFile = join(root, name)
    const options = ['--assembly', assembly, '--data', data, '--port', '0', '--ready-file', readyFile]
    const child = spawn(process.execPath, ['local/main.ts', ...options], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    while (!existsSync(readyFile)) await new Promise((resolve) => setTimeout(resolve, 20))
    return { child, ...(JSON.parse(readFileSync(readyFile, 'utf8')) as Running) }
  }
  const before = await start('first')
  await call(before, '/items/a', 'kept')
  await call(before, '/start/long', JSON.stringify({ n: 3 }))
  before.child.kill('SIGKILL')
  await once(before.child, 'exit')

  const after = await start('second')
  expect(await call(after, '/item/a')).toEqual({ status: 200, body: 'kept' })
  expect(await ended(after, 'long')).toEqual({ status: 'SUCCEEDED', output: '{"doubled":6}' })
  expect(after.adminCredentials).toEqual(before.adminCredentials)
  expect([after.awsEndpoint, after.s3Endpoint]).toEqual([before.awsEndpoint, before.s3Endpoint])
  after.child.kill('SIGTERM')
  expect(await once(after.child, 'exit')).toEqual([0, null])
})
