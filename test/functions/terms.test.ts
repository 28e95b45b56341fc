/** Another currency or zone of the functions than what is kept. */
import { ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openDoors } from './doors.ts'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
  doors = await openDoors()
  await doors.consumerKey('acme', ['*'])
})
afterAll(() => doors.close())

type Control = typeof doors.control

const credit = (control: Control, id: string) =>
  control('POST', '/api/consumers/acme/credits', { key: doors.owner, body: { amount: '5', id } })

const ledgerItems = async () => {
  const { Items = [] } = await doors.ledger.documents.send(
    new ScanCommand({ TableName: 'ledger', ConsistentRead: true }),
  )
  return Items.map(({ pk, sk }) => `${pk} ${sk}`).sort()
}

test('a currency after a credit was given in another -> no credit, no draft and no work of the tick; with that one all goes on', async () => {
  const before = await doors.load({ PERCALL_CURRENCY: 'EUR' })
  expect(await credit(before.control, 'one')).toMatchObject({ status: 201 })
  const kept = await ledgerItems()

  const changed = await doors.load({ PERCALL_CURRENCY: 'USD' })
  const body = {
    code: 'BILLING_FIXED',
    error: expect.stringMatching(/^currency: expected EUR, .*, got USD; -c percall:currency=EUR /),
  }
  const refused = { status: 500, headers: { 'x-should-retry': 'false' }, body }
  expect(await credit(changed.control, 'two')).toMatchObject(refused)
  const asked = { key: doors.owner }
  expect(await changed.control('GET', '/api/consumers/acme/invoices', asked)).toMatchObject(refused)
  expect(await changed.predict('GET', '/v2/models', asked)).toMatchObject(refused)
  const { handler } = await import('../../functions/tick.ts')
  const context = { getRemainingTimeInMillis: () => 60_000 }
  // It reads nothing else of its event.
  const tick = handler({ time: new Date(Date.now() + 90 * 86_400_000).toISOString() } as never, context as never)
  await expect(tick).rejects.toMatchObject({ code: 'BILLING_FIXED' })
  expect(await ledgerItems()).toEqual(kept)

  const again = await doors.load({ PERCALL_CURRENCY: 'EUR' })
  expect(await credit(again.control, 'two')).toMatchObject({ status: 201 })
})
