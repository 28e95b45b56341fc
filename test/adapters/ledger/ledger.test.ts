import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readConsumer } from '../../../adapters/access/consumers.ts'
import type { Table } from '../../../adapters/aws/table.ts'
import { readRecord } from '../../../adapters/calls/idempotency.ts'
import { readBalance, settleLease } from '../../../adapters/ledger/balances.ts'
import { readKeySpent } from '../../../adapters/ledger/key-spent.ts'
import { openChain, putRecordedRow, putSlot, readChain, sha256 } from '../../../adapters/ledger/ledger.ts'
import { markKey, shardOf } from '../../../adapters/ledger/ledger-keys.ts'
import { listOwn } from '../../../adapters/ledger/openings.ts'
import { priceAt, putPrice } from '../../../adapters/ledger/prices.ts'
import { putReservation } from '../../../adapters/ledger/reservations.ts'
import { readUsage } from '../../../adapters/ledger/usage.ts'
import { toNano } from '../../../src/billing/money.ts'
import { expiresOf } from '../../../src/call/idempotency.ts'
import { faultOf } from '../../../src/ledger/chain.ts'
import { hourAt, zoneOffset } from '../../../src/ledger/hour.ts'
import { type Reservation, reserve } from '../../../src/ledger/reservation.ts'
import { createMeter } from '../../../src/ledger/settle.ts'
import { usageBy } from '../../../src/ledger/usage.ts'
import { attributes, keySchema, startTables, tableResource } from '../../local/tables/setup.ts'
import { type Fate, startProxy } from '../fault-proxy.ts'

const definition = { AttributeDefinitions: attributes({ pk: 'S', sk: 'S' }), KeySchema: keySchema('pk', 'sk') }
const hours = hourAt(zoneOffset('UTC'))
const startMs = Date.UTC(2026, 10, 24, 12, 30)
const principal = { role: 'consumer', consumerId: 'acme', keyId: 'k1', grants: ['*'] } as const

let tables: Awaited<ReturnType<typeof startTables>>
let proxy: Awaited<ReturnType<typeof startProxy>>
let ledger: Table
let registry: Table
let nowMs = startMs

beforeAll(async () => {
  tables = await startTables({ resources: ['registry', 'ledger'].map((name) => tableResource(name, definition)) })
  const { hostname, port } = await tables.client.config.endpoint!()
  proxy = await startProxy(`http://${hostname}:${port}`)
  const credentials = { accessKeyId: 'admin', secretAccessKey: 'none' }
  const client = new DynamoDBClient({ endpoint: proxy.url, region: 'us-east-1', credentials, maxAttempts: 3 })
  const documents = DynamoDBDocumentClient.from(client)
  ledger = { documents, table: 'ledger' }
  registry = { documents, table: 'registry' }
  await documents.send(new PutCommand({ TableName: 'registry', Item: { pk: 'MODEL', sk: 'cars', name: 'cars' } }))
  const free = {
    model: 'cars',
    unit: 'row',
    nanoPerUnit: toNano(2000),
    minimumPerCallNano: toNano(0),
    fromMs: 0,
  } as const
  await putPrice(registry)(free, 'tester', nowMs)
})
afterAll(async () => {
  proxy.close()
  await tables.close()
})
beforeEach(() => {
  proxy.fates.length = 0
})

const newMeter = () =>
  createMeter({
    now: () => nowMs,
    hourAt: hours,
    priceAt: priceAt(registry, 'UTC'),
    openChain: openChain(ledger, 'registry'),
    readBalance: readBalance(ledger),
    readKeySpent: readKeySpent(ledger),
    readAccount: readConsumer(registry),
    settleLease: settleLease(ledger),
    putSlot: putSlot(ledger),
    putRecordedRow: putRecordedRow(ledger),
    readChain: readChain(ledger),
    newId: randomUUID,
    sha256,
  })

const charge = async (meter: ReturnType<typeof newMeter>, consumerId: string, requestId = 'r') => {
  const admission = await meter.admit({ ...principal, consumerId }, 'cars')
  const usage = { model: 'cars', version: 1, rows: 3, durationMs: 1.5, cold: false, requestId }
  return await meter.settle(admission, usage)
}

const openIn = async (hour: string, consumerId: string) => (await listOwn(ledger)(hour, consumerId)).map(({ id }) => id)

const slotsOf = async (consumerId: string) => {
  const chains = await openIn(hours(nowMs).label, consumerId)
  return await Promise.all(chains.map(async (id) => ({ id, slots: await readChain(ledger)(id) })))
}

test('a warm call -> one put and no other request', async () => {
  const meter = newMeter()
  await charge(meter, 'warm')
  proxy.operations.length = 0
  expect(await charge(meter, 'warm')).toEqual({ units: 3, costNano: 6000 })
  expect(proxy.operations).toEqual(['PutItem'])
})

test.for<{ given: string; fates: Fate[] }>([
  { given: 'an answer lost', fates: ['drop the answer'] },
  { given: 'a request lost', fates: ['drop the request'] },
  { given: 'every answer of the first put lost', fates: ['drop the answer', 'drop the answer', 'drop the answer'] },
  { given: 'two puts without an answer', fates: Array<Fate>(6).fill('drop the answer') },
  { given: 'two puts that never came', fates: Array<Fate>(6).fill('drop the request') },
])('$given -> the call is answered and in the ledger once, the chains whole', async ({ given, fates }) => {
  const meter = newMeter()
  const consumerId = given.replaceAll(' ', '-')
  await charge(meter, consumerId, 'first')
  proxy.fates.push(...fates)
  await charge(meter, consumerId, 'second')
  await charge(meter, consumerId, 'third')
  const chains = await slotsOf(consumerId)
  for (const { id, slots } of chains) expect(faultOf(sha256, id, slots)).toBeUndefined()
  const rows = chains.flatMap(({ slots }) => slots).filter((slot) => slot.kind === 'row')
  expect(rows.map(({ requestId }) => requestId).sort()).toEqual(['first', 'second', 'third'])
  const usage = usageBy('model')
  const { startMs: fromMs, endMs: toMs } = hours(nowMs)
  await readUsage(ledger, hours)(consumerId, { fromMs, toMs }, usage.add)
  expect(usage.totals()).toEqual({ calls: 3, units: 9, cost: '0.000018' })
})

test('no request ever answered -> OUTCOME_UNKNOWN, and the next call goes on in a new chain', async () => {
  const meter = newMeter()
  await charge(meter, 'dark')
  proxy.fates.push(...Array<Fate>(15).fill('drop the request'))
  await expect(charge(meter, 'dark')).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  proxy.fates.length = 0
  await charge(meter, 'dark')
  expect(await slotsOf('dark')).toHaveLength(2)
})

test('another transaction on the mark, then on the opened hour -> the call is answered and charged once', async () => {
  proxy.fates.push('conflict', 'answer', 'answer', 'conflict', 'conflict')
  proxy.operations.length = 0
  expect(await charge(newMeter(), 'crowded')).toEqual({ units: 3, costNano: 6000 })
  expect(proxy.operations).toEqual([
    ...['UpdateItem', 'UpdateItem', 'Query'],
    ...['TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems', 'PutItem'],
  ])
  expect(await slotsOf('crowded')).toMatchObject([{ slots: [{ kind: 'row', units: 3 }] }])
})

test('another transaction on the opened hour -> the price is put', async () => {
  const fromMs = hours(startMs + 100 * 3_600_000).startMs
  const price = { model: 'cars', unit: 'row', nanoPerUnit: toNano(5), minimumPerCallNano: toNano(0), fromMs } as const
  // The prices are read before one is put.
  proxy.fates.push('answer', 'conflict')
  expect(await putPrice(registry)(price, 'tester', nowMs)).toMatchObject(price)
})

test('a hour that is marked -> the call is charged in the next one, and the clock stays there', async () => {
  const { label, endMs } = hours(nowMs)
  const Item = { ...markKey(label, shardOf('late')), folding: true }
  await ledger.documents.send(new PutCommand({ TableName: 'ledger', Item }))
  const meter = newMeter()
  await charge(meter, 'late')
  expect(await slotsOf('late')).toEqual([])
  expect(await openIn(hours(endMs).label, 'late')).toHaveLength(1)
  expect((await meter.admit({ ...principal, consumerId: 'late' }, 'cars')).admittedAtMs).toBe(endMs)
})

test('a chain closed by another -> the call lands in a new chain', async () => {
  const meter = newMeter()
  await charge(meter, 'shut', 'first')
  const [chain] = await slotsOf('shut')
  await putSlot(ledger)(chain!.id, { kind: 'closed', number: 2, previous: 'x' })
  await charge(meter, 'shut', 'second')
  expect((await readChain(ledger)(chain!.id)).map(({ kind }) => kind)).toEqual(['row', 'closed'])
  expect(await slotsOf('shut')).toHaveLength(2)
})

test('a price for an hour that is opened -> PRICE_TOO_LATE; for a later one -> it holds from then', async () => {
  nowMs = startMs + 5 * 3_600_000
  const hour = hours(nowMs)
  await charge(newMeter(), 'priced')
  const price = { model: 'cars', unit: 'call', nanoPerUnit: toNano(7), minimumPerCallNano: toNano(0) } as const
  await expect(putPrice(registry)({ ...price, fromMs: hour.startMs }, 'tester', nowMs)).rejects.toMatchObject({
    code: 'PRICE_TOO_LATE',
  })
  await putPrice(registry)({ ...price, fromMs: hour.endMs }, 'tester', nowMs)
  await expect(putPrice(registry)({ ...price, model: 'nope', fromMs: 0 }, 'tester', nowMs)).rejects.toMatchObject({
    code: 'UNKNOWN_MODEL',
  })
  const meter = newMeter()
  expect(await charge(meter, 'priced')).toEqual({ units: 3, costNano: 6000 })
  nowMs = hour.endMs
  expect(await charge(meter, 'priced')).toEqual({ units: 1, costNano: 7 })
})

describe('keyed calls', () => {
  const settleOnce = async (meter: ReturnType<typeof newMeter>, consumerId: string, key: string, requestId: string) => {
    const admission = await meter.admit({ ...principal, consumerId }, 'cars')
    const usage = { model: 'cars', version: 1, rows: 3, durationMs: 1.5, cold: false, requestId }
    const answer = { status: 200, headers: {}, body: { text: requestId } }
    return await meter.settleOnce(admission, usage, () => ({ consumerId, key, fingerprint: 'f', model: 'm', answer }))
  }
  const rowsOf = async (consumerId: string) =>
    (await slotsOf(consumerId))
      .flatMap(({ slots }) => slots)
      .flatMap((slot) => (slot.kind === 'row' ? [slot.requestId] : []))

  test('a keyed call -> one transaction; again -> the record, no row', async () => {
    const meter = newMeter()
    await charge(meter, 'keyed', 'plain')
    proxy.operations.length = 0
    expect(await settleOnce(meter, 'keyed', 'k', 'first')).toEqual({
      kind: 'charged',
      charge: { units: 1, costNano: 7 },
    })
    expect(proxy.operations).toEqual(['TransactWriteItems'])
    const again = await settleOnce(newMeter(), 'keyed', 'k', 'second')
    expect(again).toMatchObject({ kind: 'recorded', by: { answer: { body: { text: 'first' } } } })
    await charge(meter, 'keyed', 'third')
    expect((await rowsOf('keyed')).sort()).toEqual(['first', 'plain', 'third'])
    expect(await readRecord(ledger)({ consumerId: 'keyed', key: 'k', fingerprint: 'f' }, nowMs)).toMatchObject({
      answer: { body: { text: 'first' } },
    })
  })

  test.for<{ given: string; fates: Fate[] }>([
    { given: 'every answer of the first transaction lost', fates: Array<Fate>(3).fill('drop the answer') },
    { given: 'every answer lost', fates: Array<Fate>(6).fill('drop the answer') },
    { given: 'two transactions that never came', fates: Array<Fate>(6).fill('drop the request') },
    { given: 'another transaction on the record', fates: ['conflict', 'conflict'] },
  ])('$given -> charged once, chains whole, and the record of the row', async ({ given, fates }) => {
    const meter = newMeter()
    const consumerId = `keyed-${given.replaceAll(' ', '-')}`
    await charge(meter, consumerId, 'plain')
    proxy.fates.push(...fates)
    expect(await settleOnce(meter, consumerId, 'k', 'first')).toMatchObject({ kind: 'charged' })
    expect(await settleOnce(meter, consumerId, 'k', 'second')).toMatchObject({ kind: 'recorded' })
    for (const { id, slots } of await slotsOf(consumerId)) expect(faultOf(sha256, id, slots)).toBeUndefined()
    expect((await rowsOf(consumerId)).sort()).toEqual(['first', 'plain'])
  })

  test('the record a day old, not yet deleted -> the key is free again, and its record replaced', async () => {
    const meter = newMeter()
    await settleOnce(meter, 'keyed-late', 'k', 'first')
    const before = nowMs
    nowMs += 24 * 3_600_000 + 1000
    expect(await readRecord(ledger)({ consumerId: 'keyed-late', key: 'k', fingerprint: 'f' }, nowMs)).toBeUndefined()
    expect(await settleOnce(meter, 'keyed-late', 'k', 'second')).toMatchObject({ kind: 'charged' })
    expect(await settleOnce(meter, 'keyed-late', 'k', 'third')).toMatchObject({
      kind: 'recorded',
      by: { answer: { body: { text: 'second' } } },
    })
    nowMs = before
  })
})

describe('reservations', () => {
  const record = (nonce: string) => ({
    of: () => ({
      ...{ consumerId: 'later', key: 'k', fingerprint: 'f', model: 'm', nonce, expires: expiresOf(nowMs) },
      answer: { status: 202, headers: {}, body: { text: nonce }, callId: nonce },
    }),
    nowMs,
  })
  const reservationOf = (id: string, consumerId = 'later') =>
    reserve(id, 'async', {
      principal: { ...principal, consumerId },
      model: 'cars',
      admittedAtMs: nowMs,
      hour: hours(nowMs),
    })

  /** The opening item, which holds the reservation. */
  const openingOf = async ({ hour, consumerId, id }: Reservation) => {
    const Key = { pk: `H#${hour}#${shardOf(consumerId)}`, sk: `${consumerId}#${id}` }
    return (await ledger.documents.send(new GetCommand({ TableName: 'ledger', Key }))).Item
  }

  test('an opening, also without its answers -> found with all that was admitted; its chain among those of its hour', async () => {
    const reservation = reservationOf('r1')
    proxy.fates.push('drop the answer', 'drop the answer', 'drop the answer')
    expect(await putReservation(ledger, 'registry')({ record: record('r1') })(reservation)).toEqual({ kind: 'unknown' })
    expect(await putReservation(ledger, 'registry')({ record: record('r1') })(reservation)).toEqual({ kind: 'opened' })
    expect(await openIn(reservation.hour, 'later')).toEqual(['r1'])
    expect(await openingOf(reservation)).toMatchObject(reservation)
  })

  test('an opening under a key that stands for another call -> that record, and no chain', async () => {
    const outcome = await putReservation(ledger, 'registry')({ record: record('r2') })(reservationOf('r2'))
    expect(outcome).toMatchObject({ kind: 'recorded', by: { answer: { callId: 'r1' } } })
    expect(await openingOf(reservationOf('r2'))).toBeUndefined()
  })

  test('an hour that is marked -> marked, and no chain', async () => {
    const Item = { ...markKey(hours(nowMs).label, shardOf('folded')), folding: true }
    await ledger.documents.send(new PutCommand({ TableName: 'ledger', Item }))
    expect(await putReservation(ledger, 'registry')()(reservationOf('r3', 'folded'))).toEqual({ kind: 'marked' })
  })
})
