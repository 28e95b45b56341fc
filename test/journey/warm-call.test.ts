/** What one warm call asks of AWS: its ledger row, and nothing else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/stack.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel, inferBody } from './models.ts'
import { pushed } from './pushed.ts'

let stack: Stack
let key = ''
beforeAll(async () => {
  stack = await startStack()
  for (const model of ['priced', 'gratis']) await pushed(stack, model, addModel(1))
  await stack.send('PUT', '/api/prices/priced', { body: { unit: 'call', amount: '0.001' } })
  key = await consumerKey(stack, 'acme', ['*'])
})
afterAll(() => stack.close())

/** On a machine that stalls, counts fall due meanwhile, or what is kept for 10 s is asked for again: then it is seen anew. */
const steady = { timeout: 60_000 }

/** Requests to any AWS service while `act` runs, by operation. */
const requestsOf = async (act: () => Promise<unknown>): Promise<Record<string, number>> => {
  // Each version's counts are put once in 10 s, and asking for statistics puts what is left: none is due while `act` runs.
  await stack.send('GET', '/v2/models/priced/stats')
  const before = stack.running.requests()
  await act()
  const after = stack.running.requests()
  const grown = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
  return Object.fromEntries(grown.filter(([, count]) => count > 0))
}

const infer = (model: string, secret?: string) => async () => {
  const options = { body: inferBody(1), ...(secret && { key: secret }) }
  const { status } = await stack.send('POST', `/v2/models/${model}/infer`, options)
  expect(status).toBe(200)
}
const predict = async () => {
  const body = { instances: [[1]] }
  expect((await stack.send('POST', '/v1/models/priced:predict', { key, body })).status).toBe(200)
}

test('a warm call on a priced model -> one put into the ledger and no other request', async () => {
  await infer('priced', key)()
  await expect.poll(() => requestsOf(infer('priced', key)), steady).toEqual({ 'DynamoDB_20120810.PutItem': 1 })
  await expect.poll(() => requestsOf(predict), steady).toEqual({ 'DynamoDB_20120810.PutItem': 1 })
})

test('a warm call of the owner -> one put as well', async () => {
  await infer('priced')()
  await expect.poll(() => requestsOf(infer('priced')), steady).toEqual({ 'DynamoDB_20120810.PutItem': 1 })
})

test('a warm call on a model without a price -> asks for the price again, since one may hold at once', async () => {
  await infer('gratis', key)()
  await expect
    .poll(() => requestsOf(infer('gratis', key)), steady)
    .toEqual({
      'DynamoDB_20120810.Query': 1,
      'DynamoDB_20120810.PutItem': 1,
    })
})

test('a made-up key, and a body without inputs -> no request at all', async () => {
  const refused = async () => {
    const madeUp = `pc_live_${'a'.repeat(33)}`
    expect((await stack.send('POST', '/v2/models/priced/infer', { key: madeUp, body: {} })).status).toBe(401)
    expect((await stack.send('POST', '/v2/models/priced/infer', { key, body: {} })).status).toBe(400)
  }
  await infer('priced', key)()
  const rows = await usageRows(stack)
  await expect.poll(() => requestsOf(refused), steady).toEqual({})
  expect(await usageRows(stack)).toEqual(rows)
})
