import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openDoors } from './doors.ts'

let doors: Awaited<ReturnType<typeof openDoors>>
const path = '/api/consumers/saver/credits'
const give = (body: object, headers: Readonly<Record<string, string>> = {}) =>
  doors.control('POST', path, { key: doors.owner, body, headers })

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  doors = await openDoors()
  await doors.control('POST', '/api/consumers', { key: doors.owner, body: { id: 'saver', plan: 'prepaid' } })
})
afterAll(() => doors.close())

test('the same Idempotency-Key again -> the credit that is there, given once; another request under it is refused', async () => {
  const key = { 'idempotency-key': '"november"' }
  const first = await give({ amount: '25', memo: 'invoice 7' }, key)
  expect(first).toMatchObject({ status: 201, body: { amount: '25', memo: 'invoice 7' } })
  expect(await give({ amount: '25', memo: 'invoice 7' }, key)).toMatchObject({ status: 200, body: first.body })
  for (const other of [{ amount: '26', memo: 'invoice 7' }, { amount: '25' }])
    expect(await give(other, key)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  // The id alone names a credit that has one.
  expect(await give({ id: 'x', amount: '1' }, key)).toMatchObject({ status: 201, body: { id: 'x' } })
  expect(await give({ id: first.body.id, amount: '25' })).toMatchObject({ status: 200, body: first.body })
  const { body } = await doors.control('GET', path, { key: doors.owner })
  expect(body.credits.map(({ amount }: { amount: string }) => amount).toSorted()).toEqual(['1', '25'])
  const shown = await doors.control('GET', '/api/consumers/saver', { key: doors.owner })
  expect(shown.body.balances).toMatchObject([{ total: '26', available: '26' }])
})

test.for(['', 'ä', 'x'.repeat(256)])('an Idempotency-Key that is none, %j -> refused, nothing given', async (key) => {
  expect(await give({ amount: '5' }, { 'idempotency-key': key })).toMatchObject({ status: 400 })
  const { body } = await doors.control('GET', path, { key: doors.owner })
  expect(body.credits).not.toContainEqual(expect.objectContaining({ amount: '5' }))
})
