import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { foldPorts } from '../../../adapters/ledger/fold-ports.ts'
import { openChain, sha256 } from '../../../adapters/ledger/ledger.ts'
import { latestOpenedMs, priceAt, putPrice } from '../../../adapters/ledger/prices.ts'
import { createTerms } from '../../../adapters/ledger/terms.ts'
import { listRecords, listUnfolded } from '../../../adapters/ledger/totals.ts'
import { toNano } from '../../../src/billing/money.ts'
import { emptyChain } from '../../../src/ledger/chain.ts'
import { createFold } from '../../../src/ledger/fold.ts'
import { hourAt, zoneOffset } from '../../../src/ledger/hour.ts'
import { macOf } from '../../ledger/folding.ts'
import { startLedger } from '../folded-month.ts'

const usual = { zone: 'UTC', currency: 'USD' }
const utc = hourAt(zoneOffset('UTC'))
const berlin = hourAt(zoneOffset('Europe/Berlin'))
const nowMs = Date.UTC(2026, 10, 30, 1, 30)
const hourMs = 3_600_000

let place: Awaited<ReturnType<typeof startLedger>>
beforeEach(async () => {
  place = await startLedger()
})
afterEach(() => place.close())

const termsOf = (chosen: Partial<typeof usual>) => createTerms(place.registry, { ...usual, ...chosen })

const fixed = { code: 'BILLING_FIXED' }

test('a zone or a currency that another one was fixed before -> refused, each by itself; the same -> taken, however often', async () => {
  await termsOf({ zone: 'Europe/Berlin' }).check()
  await termsOf({}).fixZone()
  await termsOf({}).fixZone()
  for (const act of ['check', 'fixZone'] as const)
    await expect(termsOf({ zone: 'Europe/Berlin' })[act]()).rejects.toMatchObject({
      ...fixed,
      message:
        'billing zone: expected UTC, which calls were made under, got Europe/Berlin; -c percall:billing-zone=UTC goes on with it',
    })
  await termsOf({ currency: 'EUR' }).check()
  await termsOf({ currency: 'EUR' }).fixCurrency()
  for (const act of ['check', 'fixCurrency'] as const)
    await expect(termsOf({})[act]()).rejects.toMatchObject({
      ...fixed,
      message:
        'currency: expected EUR, which amounts were charged or credited in, got USD; -c percall:currency=EUR goes on with it',
    })
})

test('many that fix other currencies at once -> exactly one holds', async () => {
  const currencies = ['EUR', 'USD', 'JPY', 'CHF'].flatMap((currency) => [currency, currency])
  const outcomes = await Promise.allSettled(currencies.map((currency) => termsOf({ currency }).fixCurrency()))
  const { Item } = await place.registry.documents.send(
    new GetCommand({ TableName: 'registry', Key: { pk: 'OPENED', sk: '-' } }),
  )
  expect(outcomes.map(({ status }) => status)).toEqual(
    currencies.map((currency) => (currency === Item?.currency ? 'fulfilled' : 'rejected')),
  )
})

test('terms that are fixed before the first hour is opened -> a price of it can be put, none once it is open', async () => {
  await termsOf({}).fixCurrency()
  expect(await latestOpenedMs(place.registry)()).toBe(0)
  await place.addPrice('m', { unit: 'call', amount: '1' })
  const { startMs } = utc(nowMs)
  const put = () =>
    putPrice(place.registry)(
      { model: 'm', unit: 'call', nanoPerUnit: toNano(5), minimumPerCallNano: toNano(0), fromMs: startMs },
      'owner',
      nowMs,
    )
  await put()
  expect(await priceAt(place.registry, 'UTC')('m', utc(nowMs))).toMatchObject({ nanoPerUnit: 5 })
  await expect(put()).rejects.toMatchObject({ code: 'PRICE_TOO_LATE' })
  await expect(priceAt(place.registry, 'Europe/Berlin')('m', berlin(nowMs + hourMs))).rejects.toMatchObject(fixed)
})

test("an owner's chain of another zone, from before openings fixed it -> its hour is listed and folded by its own offset", async () => {
  const { ledger, registry } = place
  expect(await openChain(ledger, 'registry')(emptyChain(sha256, 'c1', 'owner', utc(nowMs).label))).toEqual({
    kind: 'opened',
  })
  const range = { fromMs: 0, toMs: nowMs + 2 * hourMs }
  expect(await listUnfolded(ledger, berlin)(range)).toEqual([utc(nowMs)])
  expect(await createFold(foldPorts({ ledger, registry, hourAt: berlin }, macOf))(range.toMs)).toEqual({
    folded: 1,
    waiting: 0,
  })
  expect(await listRecords(ledger)(range)).toMatchObject([{ hour: utc(nowMs).label, chains: 1 }])
})
