import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readStripeKey } from '../../adapters/exports/stripe-key.ts'
import { putClosed } from '../../adapters/ledger/invoices.ts'
import type { InvoiceBody } from '../../src/billing/invoice-body.ts'
import { createGraph } from '../../src/onnx/graph.ts'
import { awayFromMonthEnd } from '../calendar.ts'
import { type Asked, openDoors } from './doors.ts'

/** y = x + 1. */
const addModel = (): Uint8Array => {
  const graph = createGraph('add')
  const x = graph.input('x', 'FP32', [-1, 1])
  graph.node('Add', [x, graph.constant('FP32', [1], Float32Array.of(1))], { output: 'y' })
  graph.output('y', 'FP32', [-1, 1])
  return graph.toBytes()
}

let doors: Awaited<ReturnType<typeof openDoors>>
let consumer: string
beforeAll(async () => {
  await awayFromMonthEnd()
  vi.spyOn(console, 'log').mockImplementation(() => {})
  doors = await openDoors()
  await ask('POST', '/api/models/add/versions', { body: addModel() })
  await ask('PUT', '/api/prices/add', { body: { unit: 'row', amount: '0.000000003', freePerMonth: 2 } })
  consumer = await doors.consumerKey('acme', ['*'])
})
afterAll(() => doors.close())

const ask = (method: string, path: string, asked: Asked = {}) =>
  doors.control(method, path, { key: doors.owner, ...asked })

const month = () => new Date().toISOString().slice(0, 'YYYY-MM'.length)

const infer = (rows: number) =>
  doors.predict('POST', '/v2/models/add/infer', {
    key: consumer,
    body: { inputs: [{ name: 'x', shape: [rows, 1], datatype: 'FP32', data: Array(rows).fill(1) }] },
  })

test('calls of this month -> a draft with the last call in it, at list price less free units; as JSON and as a page', async () => {
  await infer(5)
  await infer(2)
  const path = `/api/consumers/acme/invoices/${month()}`
  const { status, body } = await ask('GET', path)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    ...{ consumer: 'acme', month: month(), state: 'draft', currency: 'USD', total: '0.000000015', due: '0.000000015' },
    lines: [
      {
        kind: 'usage',
        model: 'add',
        calls: 2,
        unit: 'row',
        units: '7',
        unitPrice: '0.000000003',
        amount: '0.000000021',
      },
      { kind: 'free', model: 'add', units: '2', unitPrice: '0.000000003', amount: '-0.000000006' },
    ],
  })
  expect((await doors.control('GET', `/api/me/invoices/${month()}`, { key: consumer })).body).toMatchObject({
    total: '0.000000015',
  })
  expect((await doors.control('GET', '/api/me/invoices', { key: consumer })).body.invoices).toMatchObject([
    { month: month(), state: 'draft' },
  ])
  const page = await ask('GET', path, { headers: { accept: 'text/html,application/xhtml+xml' } })
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': expect.stringMatching(/^default-src 'none'/),
  })
  expect(page.text).toMatch(/<h1>Draft invoice of .*<td class="n">0.000000021<\/td>/s)
})

test('a final invoice of more lines than an item holds -> JSON as it was closed, a page with each line, and a row of the list', async () => {
  const lines = Array.from({ length: 6000 }, (_, i) => {
    const of = { kind: 'usage', model: 'add', price: `${i}`.padEnd(36, '-'), calls: 1 } as const
    return { ...of, unit: 'row', units: '1', unitPrice: `0.00000${1000 + i}`, amount: `0.00000${1000 + i}` } as const
  })
  const body: InvoiceBody = {
    ...{ consumer: 'acme', month: '2025-03', state: 'final', number: 1, currency: 'USD' },
    ...{ from: '2025-03-01T00:00:00.000Z', to: '2025-04-01T00:00:00.000Z', madeAt: '2025-04-01T02:00:00.000Z' },
    ...{ lines, total: '0.074985', paid: [], due: '0.074985' },
  }
  expect(JSON.stringify(body).length).toBeGreaterThan(400 * 1024)
  expect(await putClosed(doors.ledger)('acme', { kind: 'invoice', body }, 0)).toBe('closed')
  const path = '/api/consumers/acme/invoices/2025-03'
  expect((await ask('GET', path)).text).toBe(JSON.stringify(body))
  const page = await ask('GET', path, { headers: { accept: 'text/html' } })
  for (const { amount } of lines) expect(page.text).toContain(`<td class="n">${amount}</td>`)
  const { month: of, state, number, currency, total, due } = body
  expect((await ask('GET', '/api/consumers/acme/invoices')).body.invoices.at(-1)).toEqual({
    ...{ month: of, state, number, currency, total, due },
  })
})

test('an adjustment under a key, repeated -> one line of the draft; its key for another -> 422; bad ones -> 400', async () => {
  const path = '/api/consumers/acme/adjustments'
  const body = { amount: '-0.000000004', memo: '<b>an outage</b>' }
  const headers = { 'idempotency-key': '"one"' }
  const first = await ask('POST', path, { body, headers })
  expect(first).toMatchObject({ status: 201, body: { month: month(), ...body } })
  expect(await ask('POST', path, { body, headers })).toMatchObject({ status: 200, body: first.body })
  expect(await ask('POST', path, { body: { ...body, amount: '-1' }, headers })).toMatchObject({
    ...{ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } },
  })
  for (const wrong of ['0', '-0', '+1', '1e3', '--1', '0.0000000001', '9007199.254740992'])
    expect(await ask('POST', path, { body: { ...body, amount: wrong } })).toMatchObject({
      ...{ status: 400, body: { code: 'BAD_PRICE' } },
    })
  for (const wrong of ['2026-13', '2126-01', '2020-01'])
    expect(await ask('POST', path, { body: { ...body, month: wrong } })).toMatchObject({ status: 400 })
  expect(await ask('POST', '/api/consumers/owner/adjustments', { body })).toMatchObject({ status: 409 })
  expect((await ask('GET', path)).body.adjustments).toEqual([first.body])
  const draft = await ask('GET', `/api/consumers/acme/invoices/${month()}`)
  expect(draft.body).toMatchObject({ total: '0.000000011' })
  expect(draft.body.lines.at(-1)).toEqual({ kind: 'adjustment', id: first.body.id, ...body })
  const page = await ask('GET', `/api/consumers/acme/invoices/${month()}`, { headers: { accept: 'text/html' } })
  expect(page.text).toContain('&lt;b&gt;an outage&lt;/b&gt;')
})

test.for([
  ['/api/consumers/acme/invoices/2020-01', 404, 'UNKNOWN_INVOICE'],
  ['/api/consumers/acme/invoices/2126-01', 404, 'UNKNOWN_INVOICE'],
  ['/api/consumers/acme/invoices/november', 404, 'UNKNOWN_INVOICE'],
  ['/api/consumers/nobody/invoices', 404, 'UNKNOWN_CONSUMER'],
  ['/api/consumers/owner/invoices', 404, 'UNKNOWN_INVOICE'],
  [`/api/reconciliations/${'r'.repeat(1025)}`, 404, 'UNKNOWN_RECONCILIATION'],
  ['/api/exports/usage.csv?from=2020-01-01', 400, 'BAD_REQUEST'],
  ['/api/exports/usage.csv?detail=all', 400, 'BAD_REQUEST'],
  ['/api/exports/usage.csv?next=bm8', 400, 'BAD_REQUEST'],
] as const)('%s -> %s %s', async ([path, status, code]) => {
  const [place = '', query = ''] = path.split('?')
  expect(await ask('GET', place, { query })).toMatchObject({ status, body: { code } })
})

test("another consumer's invoice -> refused without an owner's key", async () => {
  const refused = await doors.control('GET', `/api/consumers/acme/invoices/${month()}`, { key: consumer })
  expect(refused).toMatchObject({ status: 403, body: { code: 'OWNER_ONLY' } })
})

test('usage rows as CSV -> each row of the ledger once, as one file', async () => {
  const { text, headers } = await ask('GET', '/api/exports/usage.csv', { query: 'detail=rows' })
  expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  expect(headers.link).toBeUndefined()
  const [names = '', ...lines] = text.trimEnd().split('\r\n')
  const rows = lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.split(',').map((name, i) => [name, cells[i]]))
  })
  const kept = await doors.usageRows()
  expect(rows.map(({ request }) => request).sort()).toEqual(kept.map(({ requestId }) => requestId).sort())
  expect(rows).toMatchObject(Array(2).fill({ consumer: 'acme', model: 'add', unit: 'row', currency: 'USD' }))
  expect(rows.map(({ cost }) => cost).sort()).toEqual(['0.000000006', '0.000000015'])
})

test('exports -> which are on; ids of customers are kept on the consumer; a key of Stripe is sealed, audited and never shown', async () => {
  const { body } = await ask('GET', '/api/exports')
  expect(body.exports.map(({ name, on }: { name: string; on: boolean }) => [name, on])).toEqual([
    ['events', true],
    ['stripe', false],
    ['marketplace', false],
  ])
  const path = '/api/consumers/acme'
  const ids = { stripeCustomer: 'cus_1', marketplaceCustomer: '123456789012' }
  expect(await ask('PATCH', path, { body: ids })).toMatchObject({ status: 200, body: ids })
  await doors.consumerKey('other', ['*'])
  expect(await ask('PATCH', '/api/consumers/other', { body: ids })).toMatchObject({
    ...{ status: 409, body: { code: 'CONFLICT' } },
  })
  expect(await ask('PATCH', '/api/consumers/other', { body: { stripeCustomer: 'cus_1' } })).toMatchObject({
    status: 200,
  })
  // As of a consumer from before there were items of buyers.
  const item = { TableName: 'registry', Key: { pk: 'BUYER', sk: ids.marketplaceCustomer } }
  await doors.registry.documents.send(new DeleteCommand(item))
  expect(await ask('PATCH', path, { body: ids })).toMatchObject({ status: 200, body: ids })
  expect((await doors.registry.documents.send(new GetCommand(item))).Item).toMatchObject({ consumer: 'acme' })
  expect(await ask('PATCH', path, { body: { stripeCustomer: 'acme' } })).toMatchObject({ status: 400 })
  const changed = await ask('PATCH', path, { body: { stripeCustomer: null } })
  expect(changed.body).toMatchObject({ marketplaceCustomer: '123456789012' })
  expect(changed.body).not.toHaveProperty('stripeCustomer')

  const key = 'rk_test_0123456789abcdef'
  expect(await ask('PUT', '/api/exports/stripe/key', { body: { key: 'nothing' } })).toMatchObject({ status: 400 })
  expect(await ask('PUT', '/api/exports/stripe/key', { body: { key } })).toMatchObject({ status: 204 })
  const audit = await ask('GET', '/api/audit', { query: 'of=export' })
  expect(audit.body.changes).toMatchObject([{ action: 'export.key', of: 'export/stripe' }])
  expect(audit.text).not.toContain(key)
  const place = doors.secretPlace()
  expect(await readStripeKey(place)).toBe(key)
  const spoil = { TableName: 'registry', Key: { pk: 'SECRET', sk: 'stripe' }, UpdateExpression: 'SET tag = :tag' }
  await doors.registry.documents.send(
    new UpdateCommand({ ...spoil, ExpressionAttributeValues: { ':tag': new Uint8Array(16) } }),
  )
  await expect(readStripeKey(place)).rejects.toThrow()
})
