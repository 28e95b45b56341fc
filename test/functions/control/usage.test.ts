import { expect, test } from 'vitest'
import { usageOf } from '../../../functions/control/usage.ts'
import { type Hour, hourAt, zoneOffset } from '../../../src/hour.ts'

const createdAtMs = Date.UTC(2026, 10, 24, 12, 0, 0, 100)

test('a consumer made right after the hour -> the hour before is read too: the clock that charges may be behind', async () => {
  const read: string[] = []
  const readUsage = async (_: string, hours: readonly Hour[]) => {
    read.push(...hours.map(({ label }) => label))
    return []
  }
  const ports = { readUsage, hourAt: hourAt(zoneOffset('UTC')), nowMs: () => createdAtMs + 1000, currency: 'USD' }
  await usageOf({ id: 'acme', createdAtMs }, new URLSearchParams(), ports)
  expect(read).toEqual(['2026-11-24T11+00:00', '2026-11-24T12+00:00', '2026-11-24T13+00:00'])
})

test('the last hour of an October of 745 hours -> the month so far, not a refusal', async () => {
  const now = Date.UTC(2026, 9, 31, 22, 30)
  const ports = {
    readUsage: async (_: string, hours: readonly Hour[]) => {
      expect(hours).toHaveLength(746)
      return []
    },
    hourAt: hourAt(zoneOffset('Europe/Berlin')),
    nowMs: () => now,
    currency: 'USD',
  }
  await usageOf({ id: 'acme', createdAtMs: 0 }, new URLSearchParams(), ports)
})

test.for(['0000-01-01', '0001-01-01', '0050-02-28', '1883-11-18'])('usage from %s -> an answer', async (from) => {
  const ports = {
    readUsage: async () => [],
    hourAt: hourAt(zoneOffset('America/New_York')),
    nowMs: () => createdAtMs + 1000,
    currency: 'USD',
  }
  const usage = await usageOf({ id: 'acme', createdAtMs }, new URLSearchParams({ from }), ports)
  expect(usage.totals.calls).toBe(0)
})
