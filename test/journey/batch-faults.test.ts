/** Batches whose functions are killed, invoked twice, stopped or given up on their way, and what their roles use for it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { faultOnly } from '../../infra/permissions.ts'
import type { Batch } from '../../src/batch/batch.ts'
import type { BatchPlan, Shard } from '../../src/batch/progress.ts'
import { productAssembly, type Template } from '../stack/assembly.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { endOfBatch, runBatch, startBatch } from './batch-files.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel } from './models.ts'
import { pushed } from './pushed.ts'

const pollMs = 10
const shardRows = 10_000
let stack: Stack
let key = ''
let template: Template
let lambda: LambdaClient

beforeAll(async () => {
  const assembly = await productAssembly(inject('runFolder'))
  template = JSON.parse(readFileSync(join(assembly, 'PercallBatches.template.json'), 'utf8'))
  stack = await startStack({ assembly })
  const { awsEndpoint: endpoint, adminCredentials: credentials, region } = stack.running
  lambda = new LambdaClient({ endpoint, credentials, region })
  await pushed(stack, 'add', addModel(10))
  await stack.send('PUT', '/api/prices/add', { body: { unit: 'row', amount: '0.000002' } })
  key = await consumerKey(stack, 'acme', ['add'])
})
afterAll(() => stack.close())

const nameOf = (logicalId: RegExp, type: string): string => {
  const [id] = Object.entries<Template>(template.Resources).find(
    ([name, { Type }]) => Type === type && logicalId.test(name),
  )!
  return `PercallBatches-${id}`
}

const invoke = async (name: RegExp, event: object) => {
  const FunctionName = nameOf(name, 'AWS::Lambda::Function')
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  )
  return { failed: FunctionError !== undefined, text: Buffer.from(Payload ?? '').toString() }
}

/** A batch of so many shards, begun. */
const begin = async (shards: number) => {
  const rows = Array.from({ length: shards * shardRows }, (_, i) => i)
  const started = await startBatch(stack, key, `x\n${rows.join('\n')}\n`, { model: 'add', format: 'csv' })
  expect(started.status, JSON.stringify(started.body)).toBe(202)
  return { id: String(started.body.id), requestId: started.headers.get('percall-request-id') ?? '' }
}

const read = async (id: string) => (await stack.send('GET', `/v1/batches/${id}`, { key })).body

const untilShardsDone = async (id: string): Promise<void> => {
  for (let body = await read(id); !(body.progress.shardsDone > 0); body = await read(id)) {
    if (body.progress.shardsDone === undefined) throw new Error(`batch ${id}: it ended too early`)
    await setTimeout(pollMs)
  }
}

/** Rows of the result, each checked against its input; none for a batch without a result. */
const resultRows = async (id: string): Promise<number> => {
  const answer = await stack.send('GET', `/v1/batches/${id}/result`, { key })
  expect(answer.status).toBe(200)
  const [, ...lines] = answer.body.trim().split('\n')
  expect(lines.every((line: string) => /^(\d+),(\d+)$/.test(line))).toBe(true)
  const pairs = lines.map((line: string) => line.split(',').map(Number))
  expect(pairs.filter(([x, y]: [number, number]) => y !== x + 10)).toEqual([])
  expect(new Set(pairs.map(([x]: [number]) => x)).size).toBe(lines.length)
  return lines.length
}

/** The ledger, the batch and its result say the same. -> the batch, and how many rows the ledger has of it */
const settled = async ({ id, requestId }: { id: string; requestId: string }) => {
  const batch = await endOfBatch(stack, key, id)
  const rows = (await usageRows(stack)).filter((row) => row.requestId === requestId)
  const units = rows.reduce((sum, row) => sum + row.units, 0)
  expect(batch).toMatchObject({ units, progress: { rowsSucceeded: units, rowsFailed: 0 } })
  expect(rows.reduce((sum, { costNano }) => sum + costNano, 0)).toBe(units * 2000)
  expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length)
  expect(await resultRows(id)).toBe(units)
  return { batch, rows: rows.length }
}

/** Kills so many busy processes of the shards' function, at whatever they are; fewer where the batch ends first. -> how many */
const killShards = async (id: string, count: number): Promise<number> => {
  const killed = new Set<number>()
  let ended = false
  const end = endOfBatch(stack, key, id).then(() => {
    ended = true
  })
  while (killed.size < count && !ended) {
    await setTimeout(pollMs + 40 * killed.size)
    const busy = stack.running.environments().filter(({ functionName }) => /batchshard/i.test(functionName))
    const one = busy.find(({ pid, busy: works }) => works && pid > 0 && !killed.has(pid))
    if (!one) continue
    process.kill(one.pid, 'SIGKILL')
    killed.add(one.pid)
  }
  await end
  return killed.size
}

test('kill -9 of three workers on their shards -> each shard charged once, the result whole', async () => {
  const begun = await begin(5)
  expect(await killShards(begun.id, 3)).toBeGreaterThan(0)
  expect(await settled(begun)).toMatchObject({ batch: { state: 'succeeded', units: 5 * shardRows }, rows: 5 })
})

const shardsOf = async (id: string): Promise<readonly Shard[]> => {
  const { s3Endpoint, adminCredentials: credentials, region, outputs } = stack.running
  const s3 = new S3Client({ endpoint: s3Endpoint, credentials, region, forcePathStyle: true })
  const json = async (Key: string) => {
    const place = { Bucket: outputs.PercallService?.DataBucket, Key }
    const { Body } = await s3.send(new GetObjectCommand(place))
    return JSON.parse((await Body?.transformToString()) ?? '')
  }
  for (;;) {
    const plan: BatchPlan | undefined = await json(`batches/acme/${id}/plan.json`).catch(() => undefined)
    if (plan) return json(plan.itemsKey)
    await setTimeout(pollMs)
  }
}

test('each shard worked on three times at once, and again after the end -> charged once', async () => {
  const begun = await begin(3)
  const events = (await shardsOf(begun.id)).map((shard) => ({ consumerId: 'acme', batchId: begun.id, shard }))
  expect(events).toHaveLength(3)
  await Promise.all([...events, ...events].map((event) => invoke(/^batchshard/, event)))
  expect(await settled(begun)).toMatchObject({ batch: { state: 'succeeded', units: 3 * shardRows }, rows: 3 })
  const again = await Promise.all(events.map((event) => invoke(/^batchshard/, event)))
  expect(again.map(({ failed, text }) => failed && /BATCH_ENDED/.test(text))).toEqual([true, true, true])
  expect(await settled(begun)).toMatchObject({ rows: 3 })
})

describe('a batch that ends on its way -> the shards that were charged are what its result has', () => {
  test('its execution is stopped from outside', async () => {
    const begun = await begin(6)
    await untilShardsDone(begun.id)
    const { awsEndpoint: endpoint, adminCredentials: credentials, region } = stack.running
    const machine = nameOf(/^Batch[0-9A-F]{8}$/, 'AWS::StepFunctions::StateMachine')
    const executionArn = `arn:aws:states:${region}:000000000000:execution:${machine}:${begun.id}`
    await new SFNClient({ endpoint, credentials, region }).send(new StopExecutionCommand({ executionArn }))
    const { batch, rows } = await settled(begun)
    expect(batch).toMatchObject({ state: 'failed', failure: { code: 'INTERNAL' } })
    expect(rows).toBeGreaterThan(0)
  })

  test('a state gives it up while its shards are worked on', async () => {
    // Its process is up when it counts.
    await invoke(/^batchfail/, { consumerId: 'acme', batchId: 'nothing' })
    const begun = await begin(9)
    await untilShardsDone(begun.id)
    const failure = { step: 'shards', error: 'States.ItemReaderFailed', cause: 'the list could not be read' }
    const given = await invoke(/^batchfail/, { consumerId: 'acme', batchId: begun.id, failure })
    expect(given).toMatchObject({ failed: false })
    const { batch, rows } = await settled(begun)
    expect(batch.state).toBe('failed')
    expect(rows).toBeGreaterThan(0)
  })
})

/** A batch as a request leaves it that dies between admission and start. */
const stranded = async (id: string, admittedAtMs: number): Promise<void> => {
  const TableName = stack.running.outputs.PercallService?.RegistryTable
  const known = await runBatch(stack, key, 'x\n1\n', { model: 'add', format: 'csv' })
  const { documents } = stack
  const { Item } = await documents.send(new GetCommand({ TableName, Key: { pk: 'B#acme', sk: known.id } }))
  // The item has the fields of a batch and its key.
  const { rows: _, shards: __, totals: ___, endedAtMs: ____, ...rest } = Item as Batch & { pk: string; sk: string }
  const reservation = { ...rest.reservation, id, admittedAtMs, deadlineMs: admittedAtMs + 270 * 60_000 }
  const fresh = { ...rest, sk: id, id, state: 'queued', createdAtMs: admittedAtMs, reservation }
  await documents.send(new PutCommand({ TableName, Item: fresh }))
}

const chainOf = async (id: string) => {
  const values = { ':pk': `C#${id}` }
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: values }
  const TableName = stack.running.outputs.PercallService?.LedgerTable
  return (await stack.documents.send(new QueryCommand({ TableName, ...query }))).Items
}

describe('a batch whose execution never began', () => {
  test('cancelled -> its chain is closed at once, its end can be read, nothing begins later', async () => {
    await stranded('never', Date.now())
    const cancelled = await stack.send('POST', '/v1/batches/never/cancel', { key })
    const ended = { state: 'cancelled', units: 0, cost: '0', progress: { rowsSucceeded: 0, rowsFailed: 0 } }
    expect(cancelled).toMatchObject({ status: 200, body: ended })
    expect(cancelled.body.progress).not.toHaveProperty('shardsDone')
    expect(await chainOf('never')).toMatchObject([{ number: 0, kind: 'closed' }])
    const late = await invoke(/^batchsplit/, { consumerId: 'acme', batchId: 'never' })
    expect(late).toMatchObject({ failed: true, text: expect.stringMatching(/BATCH_ENDED/) })
    expect(await read('never')).toMatchObject(ended)
    const result = await stack.send('GET', '/v1/batches/never/result', { key })
    expect(result).toMatchObject({ status: 409, body: { code: 'BATCH_ENDED' } })
  })

  test('looked at soon -> begins; looked at after its deadline -> failed, free', async () => {
    await stranded('soon', Date.now() - 60_000)
    expect(await read('soon')).toMatchObject({ state: 'queued' })
    expect(await endOfBatch(stack, key, 'soon')).toMatchObject({ state: 'succeeded', units: 1 })
    await stranded('late', Date.now() - 271 * 60_000)
    expect(await read('late')).toMatchObject({ state: 'failed', units: 0, failure: { code: 'NOT_READY' } })
    expect(await chainOf('late')).toMatchObject([{ number: 0, kind: 'closed' }])
  })
})

test('grants that name this file -> each was used, none was missed', () => {
  const mine = faultOnly.filter(({ reason }) => reason.endsWith('test/journey/batch-faults.test.ts'))
  expect(mine.length).toBeGreaterThan(0)
  const unused = stack.running.access.unused()
  const idle = mine.filter((one) => unused.some(({ action, role }) => action === one.action && role.includes(one.role)))
  expect(idle).toEqual([])
  expect(stack.running.access.denied()).toEqual([])
})
