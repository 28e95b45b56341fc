import { afterEach, beforeEach, expect, test } from 'vitest'
import { changeConsumer, putConsumer, readConsumer } from '../../../adapters/access/consumers.ts'
import { auditOfConsumer } from '../../../src/access/audited.ts'
import type { Consumer } from '../../../src/access/consumer.ts'
import { usageRecord } from '../../../src/export/marketplace.ts'
import { createNetwork } from '../../ledger/network.ts'

let network: ReturnType<typeof createNetwork>
const registry = () => ({
  documents: network.clientOf({ dead: false, frozenUntilStep: 0 }),
  table: 'registry',
})

const row = (before: Consumer | undefined, after: Consumer, atMs = 1) =>
  auditOfConsumer({ actor: 'owner', action: 'consumer.change', before, after, atMs })

beforeEach(async () => {
  network = createNetwork(() => 1)
  network.calm = true
  for (const id of ['a', 'b']) {
    const after: Consumer = { id, plan: 'postpaid', grants: [], createdAtMs: 0, revision: 1 }
    await putConsumer(registry())(after, row(undefined, after))
  }
})
afterEach(() => network.close())

const read = async (id: string): Promise<Consumer> => (await readConsumer(registry())(id))!

type Asked = { readonly asksBuyer?: boolean; readonly atMs?: number }

const becomes = async (id: string, change: Partial<Consumer>, { atMs = 1, ...asked }: Asked = {}): Promise<boolean> => {
  const before = await read(id)
  const { marketplaceCustomer: _, ...rest } = before
  const after = { ...rest, ...change, revision: before.revision + 1 }
  return await changeConsumer(registry(), 'ledger')({ before, after, ...asked }, row(before, after, atMs))
}

const taken = expect.objectContaining({ code: 'CONFLICT', message: expect.stringMatching(/got buyer of [ab]$/) })

test('two that become the same buyer at once -> one does, the other is refused and unchanged', async () => {
  const both = await Promise.allSettled(['a', 'b'].map((id) => becomes(id, { marketplaceCustomer: 'buyer' })))
  const [done, refused] = both.toSorted((one) => (one.status === 'fulfilled' ? -1 : 1))
  expect(done).toEqual({ status: 'fulfilled', value: true })
  expect(refused).toEqual({ status: 'rejected', reason: taken })
  const buyers = [await read('a'), await read('b')].map(({ marketplaceCustomer }) => marketplaceCustomer)
  expect(buyers.toSorted()).toEqual(['buyer', undefined])
})

const hourMs = 3_600_000
// The last moment of an hour.
const givenBackMs = Date.UTC(2026, 10, 10, 13) - 1

test.for([
  { given: 'another buyer', change: { marketplaceCustomer: 'other' } },
  { given: 'none', change: {} },
  { given: 'removed', change: { marketplaceCustomer: 'buyer', deletedAtMs: 2 } },
])(
  "a buyer again, then $given -> its own meanwhile, another's once no record of both can be in one hour",
  async (one) => {
    for (const _ of [1, 2]) expect(await becomes('a', { marketplaceCustomer: 'buyer' }, { asksBuyer: true })).toBe(true)
    await expect(becomes('b', { marketplaceCustomer: 'buyer' })).rejects.toEqual(taken)
    expect(await becomes('a', one.change, { atMs: givenBackMs })).toBe(true)
    const late = (atMs: number) => becomes('b', { marketplaceCustomer: 'buyer' }, { atMs })
    const message = 'body.marketplaceCustomer: expected one of no other consumer, got buyer of a until '
    await expect(late(givenBackMs)).rejects.toMatchObject({ message: `${message}2026-11-10T20:00:00.000Z` })
    await expect(late(givenBackMs + 7 * hourMs - 1)).rejects.toMatchObject({ code: 'CONFLICT' })
    const freeMs = givenBackMs + 7 * hourMs + 1
    expect(await late(freeMs)).toBe(true)
    const startMs = Math.floor(givenBackMs / hourMs) * hourMs
    const used = { hour: 'h', startMs, endMs: startMs + hourMs, consumerId: 'b', model: 'm', calls: 1, units: 1 }
    expect(usageRecord({ ...used, costNano: 1n }, 'buyer', freeMs)).toMatch(/^time: expected at most 6 hours ago/)
  },
)

test('a buyer that was given back -> its own again at once, and for good', async () => {
  await becomes('a', { marketplaceCustomer: 'buyer' })
  await becomes('a', {})
  expect(await becomes('a', { marketplaceCustomer: 'buyer' })).toBe(true)
  await expect(becomes('b', { marketplaceCustomer: 'buyer' }, { atMs: 99 * hourMs })).rejects.toEqual(taken)
})

test.for([
  { given: 'changed in another thing', change: { marketplaceCustomer: 'buyer', grants: ['*'] } },
  { given: 'removed', change: { marketplaceCustomer: 'buyer', deletedAtMs: 2 } },
  { given: 'none any more', change: {} },
])(
  'two that are one buyer from before there were items, one asks again, the other $given -> done, and it is still that of the first',
  async (one) => {
    for (const id of ['a', 'b'])
      network.run('PutItem', {
        TableName: 'registry',
        Item: { pk: 'CONSUMER', sk: id, ...(await read(id)), marketplaceCustomer: 'buyer' },
      })
    expect(await becomes('a', { marketplaceCustomer: 'buyer' }, { asksBuyer: true })).toBe(true)
    expect(await becomes('b', one.change)).toBe(true)
    expect(await read('b')).toMatchObject(one.change)
    expect([...network.items.registry.get('BUYER')!.values()]).toEqual([
      { pk: 'BUYER', sk: 'buyer', schema: 1, consumer: 'a' },
    ])
  },
)
