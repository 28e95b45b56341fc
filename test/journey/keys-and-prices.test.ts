/** What the owner gives and takes: consumers, keys, grants and prices, over HTTP through the whole stack. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { awayFromHourEnd, awayFromMonthEnd } from '../calendar.ts'
import { productAssembly } from '../stack/assembly.ts'
import { type Stack, startStack } from '../stack/stack.ts'
import { consumerKey, usageRows } from './ledger.ts'
import { addModel, inferBody } from './models.ts'

let stack: Stack
let assembly = ''
let send: Stack['send']

const push = (model: string, b = 1) =>
  send('POST', `/api/models/${model}/versions`, {
    body: addModel(b),
    headers: { 'content-type': 'application/octet-stream' },
  })
const call = (model: string, key: string) => send('POST', `/v2/models/${model}/infer`, { key, body: inferBody(1) })
const newKey = async (consumer: string, body: object = {}): Promise<{ id: string; secret: string }> =>
  (await send('POST', `/api/consumers/${consumer}/keys`, { body })).body
const grantsOf = async (key: string) => (await send('GET', '/api/me', { key })).body.grants

/** Ends every environment: what a function had cached is gone, as in an environment that comes later. */
const renewEnvironments = async (): Promise<void> => {
  const ended = stack.running.environments().map(({ pid }) => pid)
  for (const pid of ended) process.kill(pid, 'SIGKILL')
  while (stack.running.environments().some(({ pid }) => ended.includes(pid))) await setTimeout(10)
}

beforeAll(async () => {
  await awayFromMonthEnd()
  assembly = await productAssembly(inject('runFolder'))
  stack = await startStack({ assembly })
  send = stack.send
  await push('red')
  await push('blue')
})
afterAll(() => stack.close())

test('grants changed under an ETag -> 412 for who read an older one, and the new grants hold', async () => {
  await send('POST', '/api/consumers', { body: { id: 'editor', grants: ['red'] } })
  const { headers } = await send('GET', '/api/consumers/editor')
  const ifMatch = { 'if-match': headers.get('etag') ?? '' }
  const patch = (grants: readonly string[], guard = {}) =>
    send('PATCH', '/api/consumers/editor', { body: { grants }, headers: guard })
  expect(await patch(['red', 'blue'], ifMatch)).toMatchObject({ status: 200, body: { grants: ['red', 'blue'] } })
  expect(await patch([], ifMatch)).toMatchObject({ status: 412, body: { code: 'STALE' } })
  expect(await send('DELETE', '/api/consumers/editor', { headers: ifMatch })).toMatchObject({ status: 412 })
  expect((await send('GET', '/api/consumers/editor')).body.grants).toEqual(['red', 'blue'])
  const { secret } = await newKey('editor')
  expect((await call('blue', secret)).status).toBe(200)
})

test('a removed consumer -> its keys end, its id stays taken, the owner still reads its usage', async () => {
  const key = await consumerKey(stack, 'leaver', ['red'])
  expect((await call('red', key)).status).toBe(200)
  expect(await send('DELETE', '/api/consumers/leaver')).toMatchObject({ status: 204 })
  await renewEnvironments()
  expect(await call('red', key)).toMatchObject({ status: 401, body: { code: 'KEY_REVOKED' } })
  expect(await send('GET', '/api/consumers/leaver')).toMatchObject({
    status: 200,
    body: { deletedAt: expect.any(String), balances: [] },
  })
  expect(await send('POST', '/api/consumers', { body: { id: 'leaver' } })).toMatchObject({ status: 409 })
  expect((await send('GET', '/api/consumers/leaver/usage')).body.totals).toEqual({ calls: 1, units: 1, cost: '0' })
})

test('a revoked key -> refused by every environment that has not cached it; the others of its consumer go on', async () => {
  const staying = await consumerKey(stack, 'revoker', ['red'])
  const { id, secret } = await newKey('revoker', { name: 'laptop' })
  expect((await call('red', secret)).status).toBe(200)
  expect(await send('DELETE', `/api/consumers/revoker/keys/${id}`)).toMatchObject({ status: 204 })
  await renewEnvironments()
  expect(await call('red', secret)).toMatchObject({ status: 401, body: { code: 'KEY_REVOKED' } })
  expect(await send('GET', '/api/me', { key: secret })).toMatchObject({ status: 401, body: { code: 'KEY_REVOKED' } })
  expect((await call('red', staying)).status).toBe(200)
  const { keys } = (await send('GET', '/api/consumers/revoker/keys')).body
  expect(keys.find((key: { id: string }) => key.id === id)).toMatchObject({
    name: 'laptop',
    revoked: expect.stringMatching(/^20/),
  })
  expect(JSON.stringify(keys)).not.toContain('pc_live_')
})

test('a narrowed key -> calls what it was narrowed to, never more than its consumer', async () => {
  await send('POST', '/api/consumers', { body: { id: 'narrower', grants: ['red', 'blue'] } })
  const red = await newKey('narrower', { grants: ['red', 'green'] })
  expect(await grantsOf(red.secret)).toEqual(['red'])
  expect((await call('red', red.secret)).status).toBe(200)
  expect(await call('blue', red.secret)).toMatchObject({ status: 403, body: { code: 'NOT_GRANTED' } })
  await send('PATCH', '/api/consumers/narrower', { body: { grants: ['blue'] } })
  await renewEnvironments()
  expect(await grantsOf(red.secret)).toEqual([])
  expect((await call('red', red.secret)).status).toBe(403)
})

test('keys made by a key -> may do no more and live no longer than it', async () => {
  const whole = await consumerKey(stack, 'family', ['*'])
  const own = (key: string, body: object) => send('POST', '/api/me/keys', { key, body })
  const expires = new Date(Date.now() + 3_600_000).toISOString()
  const parent = (await own(whole, { grants: ['red'], expires })).body
  const wider = (await own(parent.secret, { grants: ['*'], expires: '2099-01-01T00:00:00Z' })).body
  const other = (await own(parent.secret, { grants: ['blue'] })).body
  expect(await grantsOf(wider.secret)).toEqual(['red'])
  expect(await grantsOf(other.secret)).toEqual([])
  const { keys } = (await send('GET', '/api/consumers/family/keys')).body
  const times = keys.map((key: { expires?: string }) => key.expires)
  expect(times.filter((time?: string) => time === expires)).toHaveLength(3)
})

test('keys revoked by a key -> those that it could have made, itself too, and no other', async () => {
  const whole = await consumerKey(stack, 'tree', ['red', 'blue'])
  const stranger = await newKey('family')
  const red = await newKey('tree', { grants: ['red'] })
  const child = (await send('POST', '/api/me/keys', { key: red.secret, body: {} })).body
  const blue = await newKey('tree', { grants: ['blue'] })
  const wholeId = (await send('GET', '/api/me', { key: whole })).body.key
  const brief = await newKey('tree', { expires: new Date(Date.now() + 3_600_000).toISOString() })
  const remove = async (key: string, id: string) => (await send('DELETE', `/api/me/keys/${id}`, { key })).status
  expect(await remove(red.secret, wholeId)).toBe(403)
  expect(await remove(red.secret, blue.id)).toBe(403)
  expect(await remove(brief.secret, wholeId)).toBe(403)
  expect(await remove(whole, stranger.id)).toBe(404)
  expect(await remove(red.secret, child.id)).toBe(204)
  expect(await remove(red.secret, red.id)).toBe(204)
  expect(await remove(whole, blue.id)).toBe(204)
})

test.for([
  ['10 places', { unit: 'call', amount: '0.0000000001' }, 'BAD_PRICE', /amount: .*at most 9 places, got 0.0000000001/],
  ['a negative amount', { unit: 'call', amount: '-1' }, 'BAD_PRICE', /amount: .*got -1/],
  ['an exponent', { unit: 'call', amount: '1e-3' }, 'BAD_PRICE', /got 1e-3/],
  ['more than integers hold', { unit: 'call', amount: '9007200' }, 'BAD_PRICE', /got 9007200/],
  ['an empty amount', { unit: 'call', amount: '' }, 'BAD_PRICE', /amount/],
  ['a number', { unit: 'call', amount: 1 }, 'BAD_REQUEST', /body\.amount: expected a string, got 1/],
  ['a bad minimum', { unit: 'call', amount: '1', minimumPerCall: '1,5' }, 'BAD_PRICE', /minimumPerCall: .*got 1,5/],
  ['an unknown unit', { unit: 'minute', amount: '1' }, 'BAD_REQUEST', /body\.unit: expected call, row, token/],
  ['no unit', { amount: '1' }, 'BAD_REQUEST', /body\.unit: expected call, row, token, explained_row/],
  [
    'tiers that descend',
    { unit: 'row', amount: '1', tiers: [9, 5].map((from) => ({ from, amount: `0.${from}` })) },
    'BAD_PRICE',
    /tiers\.1\.from: expected more units than 9, got 5/,
  ],
  ['half an hour', { unit: 'call', amount: '1', from: '2099-01-01T00:30:00Z' }, 'BAD_REQUEST', /body\.from: .*start/],
  ['no time', { unit: 'call', amount: '1', from: 'tomorrow' }, 'BAD_REQUEST', /body\.from: expected the start/],
] as const)('a price with %s -> refused', async ([, body, code, words]) => {
  const answer = await send('PUT', '/api/prices/red', { body })
  expect(answer).toMatchObject({ status: 400, body: { code, error: expect.stringMatching(words) } })
  expect((await send('GET', '/api/prices/red')).body.prices).toEqual([])
})

test('a first price -> at once; another -> from the next hour, never for an hour that is open', async () => {
  await awayFromHourEnd()
  const key = await consumerKey(stack, 'buyer', ['blue'])
  expect((await call('blue', key)).headers.get('percall-cost')).toBe('0')
  const put = (amount: string, from?: string) =>
    send('PUT', '/api/prices/blue', { body: { unit: 'call', amount, ...(from && { from }) } })
  expect(await put('0.01')).toMatchObject({ status: 200, body: { from: null } })
  const hourMs = 3_600_000
  const thisHour = Math.floor(Date.now() / hourMs) * hourMs
  expect((await call('blue', key)).headers.get('percall-cost')).toBe('0.01')
  expect(await put('5', new Date(thisHour).toISOString())).toMatchObject({
    status: 409,
    body: { code: 'PRICE_TOO_LATE', error: expect.stringMatching(/expected an hour that is not opened/) },
  })
  const later = await put('0.02')
  expect(Date.parse(later.body.from)).toBeGreaterThan(thisHour)
  expect((await call('blue', key)).headers.get('percall-cost')).toBe('0.01')
  const { price, prices } = (await send('GET', '/api/prices/blue')).body
  expect([price.amount, prices.map(({ amount }: { amount: string }) => amount)]).toEqual(['0.01', ['0.01', '0.02']])
  const rows = (await usageRows(stack)).filter(({ model, costNano }) => model === 'blue' && costNano > 0)
  expect(rows.map(({ priceId }) => priceId)).toEqual([price.id, price.id])
})

test.for([
  [
    'a cap without its plan',
    { plan: 'prepaid', capPerMonth: '1' },
    /body\.capPerMonth: expected none with plan prepaid/,
  ],
  ['a capped plan without a cap', { plan: 'postpaid-capped' }, /body\.capPerMonth: expected the most that a month may/],
  ['a limit of 0', { limits: { perMinute: 0 } }, /body\.limits\.perMinute: expected a whole number 1\.\.1000000/],
] as const)('a consumer with %s -> refused, since nothing would hold it', async ([, fields, words]) => {
  const answer = await send('POST', '/api/consumers', { body: { id: 'capped', ...fields } })
  expect(answer).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST', error: expect.stringMatching(words) } })
  expect((await send('GET', '/api/consumers/capped')).status).toBe(404)
})

test('the month over, as the tick is told -> final invoices numbered without gaps, usage sent, nothing more to adjust', async () => {
  const now = new Date()
  const month = now.toISOString().slice(0, 'YYYY-MM'.length)
  const body = { amount: '-0.005', memo: 'an outage' }
  expect((await send('POST', '/api/consumers/buyer/adjustments', { body })).status).toBe(201)
  const { awsEndpoint: endpoint, adminCredentials: credentials, region } = stack.running
  const lambda = new LambdaClient({ endpoint, credentials, region })
  const tick = async (time: string) => {
    const Payload = JSON.stringify({ time })
    const answer = await lambda.send(new InvokeCommand({ FunctionName: tickFunction(), Payload }))
    expect(answer.FunctionError, answer.Payload?.transformToString()).toBeUndefined()
  }
  // The exporters begin with what is folded after their first look.
  await tick(now.toISOString())
  const over = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 2)).toISOString()
  await tick(over)
  await tick(over)
  lambda.destroy()
  const invoice = await send('GET', `/api/consumers/buyer/invoices/${month}`)
  expect(invoice.body).toMatchObject({ state: 'final', total: '0.015', due: '0.015' })
  expect(invoice.body.lines).toMatchObject([
    { kind: 'usage', model: 'blue', calls: 1, unitPrice: '0', amount: '0' },
    { kind: 'usage', model: 'blue', calls: 2, unitPrice: '0.01', amount: '0.02' },
    { kind: 'adjustment', ...body },
  ])
  const invoices = await Promise.all(
    ['editor', 'leaver', 'buyer'].map((id) => send('GET', `/api/consumers/${id}/invoices/${month}`)),
  )
  const numbers: number[] = invoices.map(({ body: { number } }) => number)
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(1)
  expect(new Set(numbers).size).toBe(3)
  const late = await send('POST', '/api/consumers/buyer/adjustments', { body: { ...body, month } })
  expect(late).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  const [events] = (await send('GET', '/api/exports')).body.exports
  expect(events).toMatchObject({ name: 'events', on: true, refused: [] })
  expect(events.folded).toBeGreaterThanOrEqual(1)
  expect(events.done).toBe(events.folded)

  expect(await reconciled()).toEqual([])
  const alter = new UpdateCommand({
    TableName: String(stack.running.outputs.PercallService?.LedgerTable),
    Key: { pk: 'V#buyer', sk: month },
    UpdateExpression: 'SET body.due = :due',
    ExpressionAttributeValues: { ':due': '0.014' },
  })
  await stack.documents.send(alter)
  expect(await reconciled()).toEqual([
    { kind: 'invoice differs', consumer: 'buyer', text: `${month} due: expected 0.015, got 0.014` },
  ])
})

/** The differences that a reconciliation of this month names. */
const reconciled = async () => {
  let { body } = await send('POST', '/api/reconciliations')
  while (body.state === 'running') {
    await setTimeout(50)
    body = (await send('GET', `/api/reconciliations/${body.id}`)).body
  }
  return body.differences
}

/** The tick's name in the assembly. */
const tickFunction = (): string => {
  const template = JSON.parse(readFileSync(join(assembly, 'PercallService.template.json'), 'utf8'))
  const ids = Object.entries<{ Type: string }>(template.Resources).filter(
    ([, { Type }]) => Type === 'AWS::Lambda::Function',
  )
  return `PercallService-${ids.find(([id]) => id.startsWith('TicktickFunction'))?.[0]}`
}
