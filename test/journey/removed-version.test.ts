import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/stack.ts'
import { endOfBatch, many, startBatch } from './batch-files.ts'
import { consumerKey } from './ledger.ts'
import { addModel, inferBody } from './models.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

/** Version 2 of a model, which no alias points to. */
const pushSecond = async (model: string): Promise<string> => {
  const headers = { 'content-type': 'application/octet-stream' }
  for (const b of [1, 2]) await stack.send('POST', `/api/models/${model}/versions`, { body: addModel(b), headers })
  return `/api/models/${model}/versions/2`
}

test('a version is removed under a batch -> refused with the batch; the batch ends whole, then it goes', async () => {
  const version = await pushSecond('kept')
  const secret = await consumerKey(stack, 'keeper', ['kept'])
  const { body: started } = await startBatch(stack, secret, many(25_000), { model: 'kept@2', format: 'csv' })
  const removed = await stack.send('DELETE', version)
  expect(removed).toMatchObject({ status: 409, body: { code: 'IN_USE' } })
  expect(removed.body.error).toMatch(`version kept/2: batch ${started.id} of consumer keeper uses it, until 20`)
  const batch = await endOfBatch(stack, secret, started.id)
  expect(batch).toMatchObject({ state: 'succeeded', progress: { rowsSucceeded: 25_000, rowsFailed: 0 } })
  expect((await stack.send('DELETE', version)).status).toBe(204)
})

test('batches and calls that begin while their version is removed -> refused, ended and free', async () => {
  const version = await pushSecond('going')
  const secret = await consumerKey(stack, 'late', ['going'])
  const update = new UpdateCommand({
    TableName: String(stack.running.outputs.PercallService?.RegistryTable),
    Key: { pk: 'V#going', sk: '0000000002' },
    UpdateExpression: 'SET removingAtMs = :now',
    ExpressionAttributeValues: { ':now': Date.now() },
  })
  await stack.documents.send(update)
  const refused = { status: 503, body: { code: 'NOT_READY', error: expect.stringContaining('it is being removed') } }
  expect(await startBatch(stack, secret, many(3), { model: 'going@2', format: 'csv' })).toMatchObject(refused)
  const later = { key: secret, body: inferBody(1), headers: { prefer: 'respond-async' } }
  expect(await stack.send('POST', '/v2/models/going/versions/2/infer', later)).toMatchObject(refused)
  const { body } = await stack.send('GET', '/v1/batches', { key: secret })
  expect(body.batches).toMatchObject([{ state: 'failed', failure: { code: 'NOT_READY' }, cost: '0' }])
  const { body: calls } = await stack.send('GET', '/v1/calls', { key: secret })
  expect(calls.calls).toMatchObject([{ state: 'failed', error: { code: 'NOT_READY' } }])
  // Nothing of them is open, and the removal that died before does not hinder the next.
  expect((await stack.send('DELETE', version)).status).toBe(204)
})
