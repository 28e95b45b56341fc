/** Schedule expressions as Amazon EventBridge writes them, in UTC: `rate(1 day)`, `cron(0 3 * * ? *)`. */
import { PercallError } from '../errors.ts'
import { lastYear, parseCron } from './cron.ts'

/** When it is due next after a time, both in ms since the epoch; undefined when never again. */
export type NextDue = (afterMs: number) => number | undefined

const minuteMs = 60_000
const unitsMs = { minute: minuteMs, hour: 60 * minuteMs, day: 24 * 60 * minuteMs } as const
const hourMs = unitsMs.hour
const dayMs = unitsMs.day

/** Due times are looked for every 5 minutes (infra/retraining.ts), and a run costs money. */
const leastIntervalMinutes = 15
const mostDays = 366
/** So many due times are looked at for two that are too close; cron's pattern repeats daily. */
const dueTimesChecked = 500

const refuse = (expression: string, expected: string): never => {
  throw new PercallError('BAD_SCHEDULE', `schedule: expected ${expected}; got ${expression}`)
}

const parseRate = (expression: string): NextDue | undefined => {
  const rate = /^rate\((\d{1,6}) (minute|hour|day)(s?)\)$/.exec(expression)
  if (!rate) return undefined
  const count = Number(rate[1])
  // "For a value of 1 the unit must be singular, else plural."
  if (count === 0) refuse(expression, 'rate(1 day), or rate(2 days), from 1 on')
  if (count === 1 && rate[3] !== '') refuse(expression, `rate(1 ${rate[2]}), for 1 takes the singular`)
  if (count > 1 && rate[3] === '') refuse(expression, `rate(${count} ${rate[2]}s), for more than 1 takes the plural`)
  const intervalMs = count * unitsMs[rate[2] as keyof typeof unitsMs] // the pattern has no other words
  if (intervalMs > mostDays * dayMs) refuse(expression, `a rate of at most ${mostDays} days`)
  return (afterMs) => afterMs + intervalMs
}

const parseCronExpression = (expression: string): NextDue => {
  const cron = /^cron\(([^\s()]+(?: [^\s()]+){5})\)$/.exec(expression)
  if (!cron) return refuse(expression, 'rate(1 day), or cron(0 3 * * ? *) with six fields')
  const { minute, hour, day } = parseCron(cron[1]!.split(' '), (expected) => refuse(expression, expected))
  return (afterMs) => {
    let atMs = (Math.floor(afterMs / minuteMs) + 1) * minuteMs
    for (let date = new Date(atMs); date.getUTCFullYear() <= lastYear; date = new Date(atMs)) {
      if (!day(date)) atMs = (Math.floor(atMs / dayMs) + 1) * dayMs
      else if (!hour(date.getUTCHours())) atMs = (Math.floor(atMs / hourMs) + 1) * hourMs
      else if (!minute(date.getUTCMinutes())) atMs += minuteMs
      else return atMs
    }
    return undefined
  }
}

/** Due times after a time, at most `count` of them. */
const dueTimes = (next: NextDue, afterMs: number, count: number): readonly number[] => {
  const times: number[] = []
  for (let atMs = next(afterMs); atMs !== undefined && times.length < count; atMs = next(atMs)) times.push(atMs)
  return times
}

/** What an expression says. Throws BAD_SCHEDULE: not as EventBridge writes it. */
export const parseSchedule = (expression: string): NextDue => parseRate(expression) ?? parseCronExpression(expression)

/** The first due time of a new schedule. Throws BAD_SCHEDULE: also where it is never due, or too often. */
export const firstDue = (expression: string, nowMs: number): number => {
  const times = dueTimes(parseSchedule(expression), nowMs, dueTimesChecked)
  const first = times[0]
  if (first === undefined) return refuse(expression, 'a time to come')
  const least = times.reduce((least, atMs, i) => (i === 0 ? least : Math.min(least, atMs - times[i - 1]!)), Infinity)
  if (least < leastIntervalMinutes * minuteMs)
    refuse(
      expression,
      `at least ${leastIntervalMinutes} minutes from one due time to the next, not ${least / minuteMs}`,
    )
  return first
}

/** The last due time that has come, and the first to come: after a pause one run makes up for all that were missed. */
export const dueNow = (
  expression: string,
  nextDueAtMs: number,
  nowMs: number,
): { readonly dueAtMs: number; readonly missed: number; readonly nextDueAtMs: number | undefined } | undefined => {
  if (nextDueAtMs > nowMs) return undefined
  const next = parseSchedule(expression)
  let dueAtMs = nextDueAtMs
  let missed = 0
  let following = next(dueAtMs)
  while (following !== undefined && following <= nowMs) {
    dueAtMs = following
    missed += 1
    following = next(dueAtMs)
  }
  return { dueAtMs, missed, nextDueAtMs: following }
}
