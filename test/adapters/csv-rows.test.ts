import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rowParts } from '../../adapters/exports/csv.ts'
import { indexKey, noteHour } from '../../adapters/ledger/ledger-keys.ts'
import { type CsvPlace, csvPage } from '../../src/export/csv-page.ts'
import { hours, startLedger } from './folded-month.ts'

let place: Awaited<ReturnType<typeof startLedger>>
beforeAll(async () => {
  place = await startLedger()
})
afterAll(() => place.close())

test('chains without rows as CSV -> a page may end at each of them, and the next goes on behind it', async () => {
  const { label, startMs: fromMs, endMs: toMs } = hours(Date.UTC(2026, 9, 26))
  const send = place.ledger.documents.send.bind(place.ledger.documents)
  await send(new UpdateCommand(noteHour('ledger', label, 'both').Update))
  for (const id of ['x', 'y'])
    await send(
      new PutCommand({
        TableName: 'ledger',
        Item: { ...indexKey({ hour: label, consumerId: 'both', id }), chain: id, consumerId: 'both' },
      }),
    )
  const pageFrom = (after?: CsvPlace) =>
    csvPage('', rowParts(place.ledger, hours, 'EUR')({ fromMs, toMs }, after), () => false)
  const first = await pageFrom()
  expect(first).toEqual({ text: '', next: { hour: label, key: 'both#x' } })
  const second = await pageFrom(first.next)
  expect(second).toEqual({ text: '', next: { hour: label, key: 'both#y' } })
  expect(await pageFrom(second.next)).toEqual({ text: '' })
})
