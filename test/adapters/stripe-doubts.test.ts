import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportPorts, listRefusals } from '../../adapters/exports/hours.ts'
import { stripe } from '../../adapters/exports/stripe.ts'
import { sha256 } from '../../adapters/ledger/ledger.ts'
import { exportHours } from '../../src/export/export-hours.ts'
import { hours, lineOf, startLedger } from './folded-month.ts'
import { type Fault, startReceivers, stripeKey } from './receivers.ts'

const hourMs = 3_600_000
let nowMs = Date.UTC(2026, 9, 24, 23)
const now = () => nowMs

let fault: (text: string) => Fault = () => 'none'
let place: Awaited<ReturnType<typeof startLedger>>
let receivers: Awaited<ReturnType<typeof startReceivers>>
beforeAll(async () => {
  ;[place, receivers] = await Promise.all([startLedger(), startReceivers(now, (text) => fault(text))])
  await run()
})
afterAll(() => Promise.all([place.close(), receivers.close()]))

/** One tick; `dies` of each move of the cursor. */
const run = (key = stripeKey, dies = () => false) => {
  const customerOf = async () => 'cus_both'
  const settings = { url: receivers.url, key: async () => key, customerOf, eventName: 'percall_{model}' }
  const ports = exportPorts(place.ledger, place.registry, 'stripe', { now, hasTime: () => true })
  const moveCursor: typeof ports.moveCursor = async (to) => {
    if (dies()) throw new Error('killed')
    return await ports.moveCursor(to)
  }
  return exportHours({ ...ports, moveCursor })(stripe({ ...settings, source: '/percall/ledger', sha256 }))
}

const dayAfter = 25
const none: readonly string[] = []
const wrongKey = 'sk_test_wrong'

// The first tick sends a and b; `second` is what becomes of b's requests. Stripe forgets identifiers after 24 hours.
test.for([
  { given: "b's answer lost, again within a day", second: 'lose', hours: [21], counted: 'a b', named: none },
  { given: "b's answer lost, again after a day", second: 'lose', hours: [dayAfter], counted: 'a b', named: ['b'] },
  { given: 'a fault of Stripe, again after a day', second: 'refuse', hours: [dayAfter], counted: 'a', named: ['b'] },
  { given: 'killed behind sending, again within a day', dies: true, hours: [21], counted: 'a b', named: none },
  {
    given: 'killed behind sending, again after a day',
    dies: true,
    hours: [dayAfter],
    counted: 'a b',
    named: ['b', 'a'],
  },
  { given: 'a wrong key for days', wrong: true, hours: [dayAfter, dayAfter], counted: 'a b', named: none },
  { given: 'lost, then a wrong key', second: 'lose', hours: [12, 13], counted: 'a b', named: ['b'] },
] as const)('Stripe, $given -> nothing counts twice, what may be there is named, all else is sent', async (one) => {
  const { counted, named } = one
  const hour = hours(nowMs)
  nowMs = hour.endMs
  await place.fold(hour, { both: [lineOf('a', 'p', 4, 5), lineOf('b', 'p', 2, 5)] })
  const before = receivers.stripeCounted.length
  let moves = 0
  // Both go at once, in either order, and b's once more where its connection is closed.
  fault = (text) => (text.includes('percall_b') && 'second' in one ? one.second : 'none')
  // The first move says that they are being sent.
  const first = run('wrong' in one ? wrongKey : stripeKey, () => 'dies' in one && ++moves === 2)
  await expect(first).rejects.toThrow()
  fault = () => 'none'
  for (const [i, pause] of one.hours.entries()) {
    nowMs += pause * hourMs
    if (i < one.hours.length - 1) await run(wrongKey).catch(() => undefined)
  }
  await run()
  expect(await run()).toEqual({ sent: 0, refused: 0 })
  const own = receivers.stripeCounted.slice(before).map((id) => receivers.stripe.get(id)!.event_name!.slice(-1))
  expect(own.toSorted().join(' ')).toBe(counted)
  const { items } = await listRefusals(place.ledger)('stripe', { limit: 100 })
  const doubts = items.filter(({ id }) => id.startsWith(hour.label))
  expect(doubts.map(({ id }) => id.slice(-1))).toEqual(named)
  for (const { reason } of doubts) expect(reason).toMatch(/^it may have been sent at 20.*look for it there/)
})
