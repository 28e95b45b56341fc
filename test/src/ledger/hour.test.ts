import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayOf, hourAt, hoursBetween, startOfDay, zoneOffset } from '../../../src/ledger/hour.ts'

// Lord Howe moves by 30 minutes, Kathmandu is 45 minutes off, Sao Paulo once moved at midnight, Apia skipped a day.
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Pacific/Apia',
]

const intlLabel = (zone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  const offset = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  return (ms: number): string => {
    const name = offset.formatToParts(ms).find(({ type }) => type === 'timeZoneName')!.value
    return `${format.format(ms).slice(0, 13).replace(' ', 'T')}${name === 'GMT' ? '+00:00' : name.slice(3)}`
  }
}

test.for(zones)('instants of %s from 2010 to 2040 -> the hour that Intl prints, whole and without gaps', (zone) => {
  const at = hourAt(zoneOffset(zone))
  const label = intlLabel(zone)
  const instant = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2040, 0) })
  fc.assert(
    fc.property(instant, (ms) => {
      const hour = at(ms)
      expect(hour.startMs <= ms && ms < hour.endMs).toBe(true)
      for (const inside of [ms, hour.startMs, hour.endMs - 1]) expect(label(inside)).toBe(hour.label)
      for (const outside of [hour.startMs - 1, hour.endMs]) expect(label(outside)).not.toBe(hour.label)
    }),
    { numRuns: 300 },
  )
})

test.for([
  { given: 'Berlin in autumn', zone: 'Europe/Berlin', day: '2026-10-25', hours: 25 },
  { given: 'Berlin in spring', zone: 'Europe/Berlin', day: '2026-03-29', hours: 23 },
  // 01:30 to 02:00 comes twice, so the hour 01 has a half under the second offset.
  { given: 'Lord Howe in autumn', zone: 'Australia/Lord_Howe', day: '2026-04-05', hours: 25 },
  { given: 'a plain day', zone: 'UTC', day: '2026-11-24', hours: 24 },
])('$given -> $hours hours with labels of their own, each where the last ends', ({ zone, day, hours }) => {
  const at = hourAt(zoneOffset(zone))
  const fromMs = startOfDay(at, day)
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  const all = hoursBetween(at, fromMs, startOfDay(at, next))
  expect(new Set(all.map((hour) => hour.label)).size).toBe(hours)
  expect(all.every((hour, i) => i === 0 || hour.startMs === all[i - 1]!.endMs)).toBe(true)
  expect(all.every((hour) => dayOf(hour) === day)).toBe(true)
})

test('Berlin, the night of 25 October 2026 -> two hours 02 told apart by their offsets', () => {
  const at = hourAt(zoneOffset('Europe/Berlin'))
  expect(at(Date.UTC(2026, 9, 25, 0, 30)).label).toBe('2026-10-25T02+02:00')
  expect(at(Date.UTC(2026, 9, 25, 1, 30)).label).toBe('2026-10-25T02+01:00')
})

test('an unknown zone -> refused', () => expect(() => zoneOffset('Mars/Olympus')).toThrow(RangeError))
