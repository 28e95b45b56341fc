import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseSchedule as localSchedule } from '../../../local/bus/schedule.ts'
import { dueNow, firstDue, parseSchedule } from '../../../src/retrain/schedule.ts'

const ms = (iso: string): number => Date.parse(iso)
const dues = (expression: string, after: string, count: number) => {
  const next = parseSchedule(expression)
  const times: string[] = []
  for (let at = next(ms(after)); at !== undefined && times.length < count; at = next(at))
    times.push(new Date(at).toISOString().slice(0, 16))
  return times
}

// The examples of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html, worked out by a calendar.
// 2024-01-01 is a Monday.
test.for<[string, string, string[]]>([
  ['cron(0 10 * * ? *)', '2024-01-01T10:00Z', ['2024-01-02T10:00', '2024-01-03T10:00']],
  ['cron(15 12 * * ? *)', '2024-01-01T12:14Z', ['2024-01-01T12:15', '2024-01-02T12:15']],
  ['cron(0 18 ? * MON-FRI *)', '2024-01-05T18:00Z', ['2024-01-08T18:00', '2024-01-09T18:00']],
  ['cron(0 8 1 * ? *)', '2024-01-01T09:00Z', ['2024-02-01T08:00', '2024-03-01T08:00']],
  ['cron(0/15 * * * ? *)', '2024-01-01T23:40Z', ['2024-01-01T23:45', '2024-01-02T00:00']],
  ['cron(0/30 20-2 ? * MON-FRI *)', '2024-01-05T23:10Z', ['2024-01-05T23:30', '2024-01-08T00:00']],
  ['cron(0/30 20-2 ? * MON-FRI *)', '2024-01-08T02:00Z', ['2024-01-08T02:30', '2024-01-08T20:00']],
  ['cron(0 9 ? * 2#1 *)', '2024-01-01T09:00Z', ['2024-02-05T09:00', '2024-03-04T09:00']],
  ['cron(0 9 ? * 6L *)', '2024-01-01T00:00Z', ['2024-01-26T09:00', '2024-02-23T09:00']],
  ['cron(0 9 L * ? *)', '2024-02-01T00:00Z', ['2024-02-29T09:00', '2024-03-31T09:00']],
  // 3 February 2024 is a Saturday, 3 March a Sunday; 1 June is a Saturday, and its weekday stays in the month.
  ['cron(0 9 3W * ? *)', '2024-02-01T00:00Z', ['2024-02-02T09:00', '2024-03-04T09:00']],
  ['cron(0 9 1W JUN ? *)', '2024-01-01T00:00Z', ['2024-06-03T09:00', '2025-06-02T09:00']],
  ['cron(0 0 29 2 ? *)', '2024-03-01T00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ['rate(1 day)', '2024-01-01T07:30Z', ['2024-01-02T07:30', '2024-01-03T07:30']],
  ['rate(12 hours)', '2024-01-01T07:30Z', ['2024-01-01T19:30', '2024-01-02T07:30']],
])('%s after %s -> %j', ([expression, after, times]) => {
  expect(dues(expression, after, times.length)).toEqual(times)
})

const now = ms('2024-01-01T00:00Z')

test.for([
  ['every day', 'expected rate(1 day), or cron'],
  ['rate(1 days)', 'expected rate(1 day), for 1 takes the singular'],
  ['rate(2 hour)', 'expected rate(2 hours), for more than 1 takes the plural'],
  ['rate(0 hours)', 'from 1 on'],
  ['rate(1 week)', 'expected rate(1 day), or cron'],
  ['rate(400 days)', 'at most 366 days'],
  ['rate(14 minutes)', 'at least 15 minutes from one due time to the next, not 14'],
  ['cron(0 3 * * *)', 'six fields'],
  ['cron(0 3 * * * *)', '? in one of day-of-month and day-of-week'],
  ['cron(0 3 ? * ? *)', '? in one of day-of-month and day-of-week'],
  ['cron(60 3 * * ? *)', 'minutes 0 to 59, got 60'],
  ['cron(0 24 * * ? *)', 'hours 0 to 23, got 24'],
  ['cron(0 3 0 * ? *)', 'day-of-month 1 to 31, got 0'],
  ['cron(0 3 ? * FOO *)', 'day-of-week 1 to 7, got FOO'],
  ['cron(0 3 ? * 2#6 *)', 'week 1 to 5, got 2#6'],
  ['cron(0/0 3 * * ? *)', 'a step above 0'],
  ['cron(0,5 3 * * ? *)', 'at least 15 minutes from one due time to the next, not 5'],
  ['cron(5,55 0,23 * * ? *)', 'not 10'],
  ['cron(* * * * ? *)', 'not 1'],
  ['cron(0 3 * * ? 2001)', 'a time to come'],
  ['cron(0 3 * * ? 2030-2020)', 'years as a range that grows'],
  ['cron(0 3 30 FEB ? *)', 'a time to come'],
  ['at(2030-01-01T00:00:00)', 'expected rate(1 day), or cron'],
  [`cron(0 3 * * ? ${'*/1,'.repeat(50)}x)`, 'year 1970 to 2199, got x'],
])('%s -> refused in words', ([expression, words]) => {
  expect(() => firstDue(expression!, now)).toThrow(
    expect.objectContaining({ code: 'BAD_SCHEDULE', message: expect.stringContaining(words!) }),
  )
})

// Written apart from ours, for the local runtime, which knows all but W and #.
test('any expression -> due when the local EventBridge is', () => {
  const range = (least: number, most: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min: least, max: most }).map(String),
      fc
        .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: 1, max: 9 }))
        .map(([from, by]) => `${from}/${by}`),
      fc
        .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 2, maxLength: 2 })
        .map((two) => two.sort((a, b) => a - b).join('-')),
      fc.array(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 3 }).map((some) => some.join(',')),
    )
  const days = fc.oneof(
    fc.tuple(fc.oneof(range(1, 31), fc.constant('L')), fc.constant('?')),
    fc.tuple(fc.constant('?'), fc.oneof(range(1, 7), fc.constant('MON-FRI'))),
  )
  const cron = fc
    .tuple(range(0, 59), range(0, 23), days, range(1, 12))
    .map(([minute, hour, [day, weekday], month]) => `cron(${minute} ${hour} ${day} ${month} ${weekday} *)`)
  const rate = fc
    .tuple(fc.integer({ min: 2, max: 99 }), fc.constantFrom('minutes', 'hours', 'days'))
    .map((two) => `rate(${two.join(' ')})`)
  fc.assert(
    fc.property(fc.oneof(cron, rate), fc.integer({ min: now, max: now + 1e11 }), (expression, after) => {
      const [ours, theirs] = [parseSchedule(expression), localSchedule(expression)]
      let [at, other]: (number | undefined)[] = [ours(after), theirs(after)]
      for (let i = 0; i < 3 && at !== undefined && other !== undefined; i++) {
        expect(at).toBe(other)
        ;[at, other] = [ours(at), theirs(other)]
      }
      expect(at).toBe(other)
    }),
  )
})

test.for<[string, string, string | undefined, number, string | undefined]>([
  ['before it is due', '2024-01-01T02:59Z', undefined, 0, undefined],
  ['when it is due', '2024-01-01T03:00Z', '2024-01-01T03:00', 0, '2024-01-02T03:00'],
  ['soon after', '2024-01-01T03:04Z', '2024-01-01T03:00', 0, '2024-01-02T03:00'],
  ['after three days without a look', '2024-01-04T02:00Z', '2024-01-03T03:00', 2, '2024-01-04T03:00'],
])('a schedule, %s -> at most one due time', ([, at, due, missed, next]) => {
  const iso = (value: number | undefined) => value && new Date(value).toISOString().slice(0, 16)
  const found = dueNow('cron(0 3 * * ? *)', ms('2024-01-01T03:00Z'), ms(at))
  expect(found && { due: iso(found.dueAtMs), missed: found.missed, next: iso(found.nextDueAtMs) }).toEqual(
    due && { due, missed, next },
  )
})
