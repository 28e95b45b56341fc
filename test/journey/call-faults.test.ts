/** Calls answered later that nobody ended in time, that no attempt could answer, or whose version went away. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { faultOnly } from '../../infra/permissions.ts'
import type { AsyncCall } from '../../src/call/async-call.ts'
import { productAssembly, type Template } from '../stack/assembly.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel, inferBody } from './models.ts'
import { pushed } from './pushed.ts'

let stack: Stack
let key = ''
let template: Template
let table: string

beforeAll(async () => {
  const assembly = await productAssembly(inject('runFolder'))
  template = JSON.parse(readFileSync(join(assembly, 'PercallService.template.json'), 'utf8'))
  stack = await startStack({ assembly })
  table = stack.running.outputs.PercallService?.LedgerTable ?? ''
  for (const [offset, model] of ['add', 'gone'].entries()) await pushed(stack, model, addModel(1 + offset))
  await stack.send('PUT', '/api/prices/add', { body: { unit: 'row', amount: '0.001' } })
  key = await consumerKey(stack, 'acme', ['add', 'gone'])
})
afterAll(() => stack.close())

const invoke = async (logicalId: RegExp, event: object): Promise<void> => {
  const { awsEndpoint: endpoint, adminCredentials: credentials, region } = stack.running
  const [name] = Object.entries<Template>(template.Resources).find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && logicalId.test(id),
  )!
  const command = new InvokeCommand({ FunctionName: `PercallService-${name}`, Payload: JSON.stringify(event) })
  const { FunctionError, Payload } = await new LambdaClient({ endpoint, credentials, region }).send(command)
  expect(FunctionError, Buffer.from(Payload ?? '').toString()).toBeUndefined()
}
const work = (id: string) => invoke(/^CallscallsFunction/, { consumerId: 'acme', id })
const giveUp = (id: string) =>
  invoke(/^CallscallfailedFunction/, {
    requestPayload: { consumerId: 'acme', id },
    requestContext: { condition: 'RetriesExhausted' },
  })

const itemOf = async (id: string) =>
  (await stack.documents.send(new GetCommand({ TableName: table, Key: { pk: 'CALL#acme', sk: id } }))).Item as AsyncCall

const put = (id: string, call: AsyncCall) =>
  stack.documents.send(new PutCommand({ TableName: table, Item: { ...call, sk: id, id } }))

/** A call that has succeeded. -> its id */
const succeeded = async (model = 'add'): Promise<string> => {
  const headers = { prefer: 'respond-async, wait=20' }
  const answer = await stack.send('POST', `/v2/models/${model}/infer`, { key, headers, body: inferBody(1, 2) })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.headers.get('location')?.split('/').at(-1) ?? ''
}

/** The same call, open again: as it was before its worker told how it ended. */
const opened = async (id: string, change: Partial<AsyncCall> & { readonly deadlineMs?: number } = {}) => {
  const { answer: _, endedAtMs: __, ...call } = await itemOf(id)
  const { deadlineMs = call.reservation.deadlineMs, ...rest } = change
  const reservation = { ...call.reservation, id: rest.id ?? id, deadlineMs }
  await put(rest.id ?? id, { ...call, state: 'running', ...rest, reservation })
}

const read = async (id: string) => (await stack.send('GET', `/v1/calls/${id}`, { key })).body
const rowCount = async () => (await usageRows(stack)).length
const slotsOf = async (id: string) => {
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': `C#${id}` } }
  return (await stack.documents.send(new QueryCommand({ TableName: table, ...query }))).Items
}

test('past its deadline without a row -> whoever reads or lists it ends it free; a late worker delivers nothing', async () => {
  const first = await succeeded()
  const before = await rowCount()
  for (const id of ['overdue1', 'overdue2']) await opened(first, { id, deadlineMs: Date.now() - 1 })
  expect(await read('overdue1')).toMatchObject({ state: 'failed', error: { code: 'NOT_READY' } })
  const { body } = await stack.send('GET', '/v1/calls', { key })
  expect(body.calls.find(({ id }: { id: string }) => id === 'overdue2')).toMatchObject({ state: 'failed' })
  for (const id of ['overdue1', 'overdue2']) {
    expect(await slotsOf(id)).toMatchObject([{ kind: 'closed', number: 1 }])
    await work(id)
    expect(await read(id)).toMatchObject({ state: 'failed' })
  }
  expect(await rowCount()).toBe(before)
  expect((await stack.send('GET', '/v1/calls/overdue1/result', { key })).status).toBe(503)
})

test.for([
  ['past its deadline', (id: string) => opened(id, { deadlineMs: Date.now() - 1 })],
  ['given up', (id: string) => opened(id).then(() => giveUp(id))],
] as const)('%s, with a row -> it has succeeded, with its result, charged once', async ([, end]) => {
  const id = await succeeded()
  const before = await rowCount()
  await end(id)
  expect(await read(id)).toMatchObject({ state: 'succeeded', units: 2, cost: '0.002' })
  const { status, body } = await stack.send('GET', `/v1/calls/${id}/result`, { key })
  expect({ status, data: body.outputs[0].data }).toEqual({ status: 200, data: [2, 3] })
  expect(await rowCount()).toBe(before)
})

test('given up without a row -> failed and free', async () => {
  const first = await succeeded()
  await opened(first, { id: 'given' })
  await giveUp('given')
  expect(await read('given')).toMatchObject({ state: 'failed', error: { code: 'INTERNAL', status: 500 } })
  expect(await slotsOf('given')).toMatchObject([{ kind: 'closed', number: 1 }])
})

test('a version that was removed after the 202 -> failed, free, the caller is told', async () => {
  const first = await succeeded('add')
  const { request } = await itemOf(first)
  expect((await stack.send('DELETE', '/api/models/gone/aliases/live')).status).toBe(204)
  expect((await stack.send('DELETE', '/api/models/gone/versions/1')).status).toBe(204)
  await opened(first, { id: 'gone', model: 'gone', request: { ...request, params: { model: 'gone' } } })
  await work('gone')
  expect(await read('gone')).toMatchObject({ state: 'failed', error: { status: 404 } })
  expect(await slotsOf('gone')).toMatchObject([{ kind: 'closed', number: 1 }])
})

test('grants that name this file -> each was used, none was missed', () => {
  const mine = faultOnly.filter(({ reason }) => reason.endsWith('test/journey/call-faults.test.ts'))
  expect(mine.length).toBeGreaterThan(0)
  const unused = stack.running.access.unused()
  const idle = mine.filter((one) => unused.some(({ action, role }) => action === one.action && role.includes(one.role)))
  expect(idle).toEqual([])
  expect(stack.running.access.denied()).toEqual([])
})
