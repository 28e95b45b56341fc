import { expect, test } from 'vitest'
import { auditRoutes } from '../../../functions/control/audit.ts'
import { reconciliationRoutes } from '../../../functions/control/reconciliations.ts'
import { usageOf, usageRoutes } from '../../../functions/control/usage.ts'
import { usageCsvRoutes } from '../../../functions/control/usage-csv.ts'
import { hourAt, zoneOffset } from '../../../src/ledger/hour.ts'
import { newReconciliation } from '../../../src/ledger/reconciliation.ts'
import type { HourRange, HourTotal } from '../../../src/ledger/totals.ts'

const createdAtMs = Date.UTC(2026, 10, 24, 12, 0, 0, 100)

type Ports = Parameters<typeof usageOf>[2]

const portsOf = (zone: string, nowMs: number, totals: readonly HourTotal[] = []) => {
  const ranges: HourRange[] = []
  const readUsage: Ports['readUsage'] = async (_, range, add) => {
    ranges.push(range)
    totals.forEach(add)
  }
  return { ranges, ports: { readUsage, hourAt: hourAt(zoneOffset(zone)), nowMs: () => nowMs, currency: 'USD' } }
}

test('a consumer made right after the hour -> the hour before is read too: the clock that charges may be behind', async () => {
  const { ranges, ports } = portsOf('UTC', createdAtMs + 1000)
  await usageOf({ id: 'acme', createdAtMs }, new URLSearchParams(), ports)
  expect(ranges).toEqual([{ fromMs: Date.UTC(2026, 10, 24, 11), toMs: Date.UTC(2026, 10, 24, 14) }])
})

test('the last hour of a leap year -> the year so far; a day more -> BAD_REQUEST', async () => {
  const { ports } = portsOf('Europe/Berlin', Date.UTC(2028, 11, 31, 22, 30))
  const asked = (from: string) => usageOf({ id: 'acme', createdAtMs: 0 }, new URLSearchParams({ from }), ports)
  await asked('2028-01-01')
  await expect(asked('2027-12-30')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})

test.for([
  { from: '2026-11-20', to: '2026-11-19', got: /from, to: expected a day behind .*got 2026-11-20 to 2026-11-19/ },
  { from: '2026-11-20', to: '2026-11-20', got: /got 2026-11-20 to 2026-11-20/ },
  { to: '2026-10-31', got: /got the first of this month to 2026-10-31/ },
  { from: '2026-12-01', got: /from: expected a day that has begun, got 2026-12-01/ },
])('days $from to $to, which hold none -> BAD_REQUEST that says what was expected', async ({ got, ...days }) => {
  const { ports } = portsOf('UTC', createdAtMs + 1000)
  const asked = usageOf({ id: 'acme', createdAtMs }, new URLSearchParams(days as Record<string, string>), ports)
  await expect(asked).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringMatching(got) })
})

const days = 'from=2026-11-20&to=2026-11-19'
test.for([
  ...usageRoutes.map(({ path, run }) => [path, run] as const),
  ...usageCsvRoutes.map(({ path, run }) => [path, run] as const),
  ...auditRoutes.map(({ path, run }) => [path, run] as const),
  ...reconciliationRoutes.flatMap(({ method, path, run }) => (method === 'POST' ? [[path, run] as const] : [])),
])('%s of a day before another -> BAD_REQUEST that names both', async ([, run]) => {
  const { ports } = portsOf('UTC', createdAtMs + 1000)
  const all = { ...ports, readConsumer: async () => ({ id: 'acme', createdAtMs }), newReconciliationId: () => 'r' }
  const body = Buffer.from(JSON.stringify({ from: '2026-11-20', to: '2026-11-19' }))
  const headers = { 'content-type': 'application/json' }
  const request = { query: new URLSearchParams(days), params: { consumer: 'acme' }, principal: {}, headers, body }
  await expect((async () => await run(request as never, all as never))()).rejects.toMatchObject({
    ...{ code: 'BAD_REQUEST', message: expect.stringMatching(/^from, to: .*got 2026-11-20 to 2026-11-19$/) },
  })
})

test('a reconciliation that met a fault -> a hint without a request id: no request met it', async () => {
  const range = { fromMs: 0, toMs: 1 }
  const failure = { code: 'INTERNAL', message: 'it met a fault' } as const
  const failed = { ...newReconciliation('r1', 'key', range, 0), state: 'failed', endedAtMs: 1, failure }
  const route = reconciliationRoutes.find(({ path }) => path.endsWith('{reconciliation}'))!
  const request = { params: { reconciliation: 'r1' } }
  const { body } = await route.run(request as never, { readReconciliation: async () => failed } as never)
  expect(JSON.parse(String(body)).error.hint).toMatch(/^begin another one; .*percall logs reconcile/)
})

test.for(['0000-01-01', '0001-01-01', '0050-02-28', '1883-11-18'])('usage from %s -> an answer', async (from) => {
  const { ports } = portsOf('America/New_York', createdAtMs + 1000)
  const usage = await usageOf({ id: 'acme', createdAtMs }, new URLSearchParams({ from }), ports)
  expect(usage.totals.calls).toBe(0)
})

const line = { model: 'cars', version: 2, keyId: 'k', unit: 'row', calls: 2, units: 3, costNano: 5n } as const
// The night when clocks go back has two hours of one name, and two that differ by their offsets.
const totals = ['2026-10-25T01+02:00', '2026-10-25T02+02:00', '2026-10-25T02+01:00', '2026-10-25T03+01:00'].map(
  (hour, i) => ({ consumerId: 'acme', hour, startMs: Date.UTC(2026, 9, 24, 23 + i), lines: [line] }),
)

test.for([
  { by: 'hour', names: totals.map(({ hour }) => hour) },
  { by: 'day', names: ['2026-10-25'] },
  { by: 'version', names: ['cars/2'] },
])('usage by $by in pages of one -> each group once, the totals in each page', async ({ by, names }) => {
  const { ports } = portsOf('Europe/Berlin', Date.UTC(2026, 9, 25, 12), totals)
  const found: unknown[] = []
  let next: string | undefined
  do {
    const query = new URLSearchParams({ by, limit: '1', ...(next !== undefined && { next }) })
    const page = await usageOf({ id: 'acme', createdAtMs: 0 }, query, ports)
    expect(page.totals).toEqual({ calls: 8, units: 12, cost: '0.00000002' })
    found.push(...page.by.map((group: Readonly<Record<string, unknown>>) => group[by]))
    next = page.next
  } while (next !== undefined)
  expect(found).toEqual(names)
})

test('usage with Accept: text/csv -> every line, by RFC 4180', async () => {
  const { ports } = portsOf('Europe/Berlin', Date.UTC(2026, 9, 25, 12), totals)
  const all = {
    ...ports,
    readAllUsage: (range: HourRange, add: (total: HourTotal) => void) => ports.readUsage('', range, add),
  }
  const route = usageRoutes.find(({ path }) => path === '/api/usage')!
  const request = { query: new URLSearchParams({ by: 'consumer', limit: '1' }), headers: { accept: 'text/csv' } }
  const answer = await route.run(request as never, all as never)
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' } })
  expect(answer.body).toBe('consumer,calls,units,cost,currency\r\nacme,8,12,0.00000002,USD\r\n')
})
