import { expect, test } from 'vitest'
import { parseSchedule } from '../../../local/bus/schedule.ts'

// Expressions of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
test.for([
  ['cron(0 10 * * ? *)', '2026-03-01T10:00:00Z', '2026-03-02T10:00:00Z'],
  ['cron(15 12 * * ? *)', '2026-03-01T11:59:59Z', '2026-03-01T12:15:00Z'],
  ['cron(0 18 ? * MON-FRI *)', '2026-03-06T18:00:00Z', '2026-03-09T18:00:00Z'],
  ['cron(0 8 1 * ? *)', '2026-12-02T00:00:00Z', '2027-01-01T08:00:00Z'],
  ['cron(0/15 * * * ? *)', '2026-03-01T10:46:10Z', '2026-03-01T11:00:00Z'],
  ['cron(0/10 * ? * MON-FRI *)', '2026-03-06T23:50:00Z', '2026-03-09T00:00:00Z'],
  ['cron(0/5 8-17 ? * MON-FRI *)', '2026-03-06T17:55:00Z', '2026-03-09T08:00:00Z'],
  ['cron(0 9 L * ? *)', '2028-02-01T00:00:00Z', '2028-02-29T09:00:00Z'],
  ['cron(0 0 29 FEB ? *)', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00Z'],
  ['cron(0 0 1 1 ? 2027,2029)', '2027-01-01T00:00:00Z', '2029-01-01T00:00:00Z'],
  ['rate(5 minutes)', '2026-03-01T00:00:30Z', '2026-03-01T00:05:30Z'],
  ['rate(1 hour)', '2026-03-01T00:00:00Z', '2026-03-01T01:00:00Z'],
  ['rate(7 days)', '2026-03-01T00:00:00Z', '2026-03-08T00:00:00Z'],
] as const)('%s after %s -> %s', ([expression, after, due]) => {
  expect(parseSchedule(expression)(Date.parse(after))).toBe(Date.parse(due))
})

test('a year that has passed -> never due again', () => {
  expect(parseSchedule('cron(0 0 1 1 ? 2020)')(Date.parse('2026-01-01'))).toBeUndefined()
})

test.for([
  'rate(1 hours)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'cron(0 10 * * * *)',
  'cron(0 10 ? * ? *)',
  'cron(60 10 * * ? *)',
  'cron(0 10 * * ?)',
  'cron(0 10 3W * ? *)',
  'cron(0 10 ? * 2#1 *)',
  'at(2026-01-01T00:00:00)',
])('%s -> refused', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(`schedule ${expression}`)
})
