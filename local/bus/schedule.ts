/**
 * Schedule expressions, in UTC: rate(n unit) and cron(minutes hours day-of-month month day-of-week year).
 * Does: lists, ranges, steps, names of months and days, `?`, `L` of a month. Does not: W and #, which are refused.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */

/** When an expression is next due after a time, both in ms; undefined when never again. */
export type NextDue = (afterMs: number) => number | undefined

const minuteMs = 60_000
const unitsMs: Readonly<Record<string, number>> = { minute: minuteMs, hour: 60 * minuteMs, day: 1440 * minuteMs }

/** Parses an expression. Throws Error that names the field. */
export const parseSchedule = (expression: string): NextDue => {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression)
  if (rate !== null) {
    const count = Number(rate[1])
    // "If the value is 1 the unit must be singular, else plural."
    if (count === 0 || (count === 1) !== (rate[3] === '')) throw invalid(expression, 'the unit and its number')
    return (afterMs) => afterMs + count * unitsMs[rate[2]!]!
  }
  const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression)
  if (cron === null) throw invalid(expression, 'rate(n unit) or cron() with six fields')
  return cronDue(expression, cron.slice(1))
}

const invalid = (expression: string, expected: string) => new Error(`schedule ${expression}: expected ${expected}`)

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] // 1 is Sunday
const lastYear = 2199

const field = (expression: string, text: string, least: number, most: number, names: readonly string[] = []) => {
  const number = (part: string) => {
    const named = names.indexOf(part.toUpperCase())
    const value = named >= 0 ? named + 1 : /^\d+$/.test(part) ? Number(part) : Number.NaN
    if (!(value >= least && value <= most)) throw invalid(expression, `${least} to ${most}, got ${part}`)
    return value
  }
  const allowed = new Set<number>()
  for (const item of text.split(',')) {
    const [range = '', step] = item.split('/')
    const [first = '', last] = range.split('-')
    const from = range === '*' ? least : number(first)
    const to = range === '*' ? most : last !== undefined ? number(last) : step !== undefined ? most : from
    const by = step === undefined ? 1 : /^[1-9]\d*$/.test(step) ? Number(step) : Number.NaN
    if (Number.isNaN(by)) throw invalid(expression, `a step above 0, got ${step}`)
    for (let value = from; value <= to; value += by) allowed.add(value)
  }
  return (value: number) => allowed.has(value)
}

const cronDue = (expression: string, fields: readonly string[]): NextDue => {
  const [minutes, hours, days, monthsText, weekday, years] = fields as [string, string, string, string, string, string]
  // "You can't use * in both Day-of-month and Day-of-week: use ? in one."
  if ((days === '?') === (weekday === '?')) throw invalid(expression, '? in one of day-of-month and day-of-week')
  const any = () => true
  const inMinute = field(expression, minutes, 0, 59)
  const inHour = field(expression, hours, 0, 23)
  const inDay = days === '?' || days === 'L' ? any : field(expression, days, 1, 31)
  const inMonth = field(expression, monthsText, 1, 12, months)
  const inWeekday = weekday === '?' ? any : field(expression, weekday, 1, 7, weekdays)
  const inYear = field(expression, years, 1970, lastYear)
  const dueDay = (date: Date) => {
    const tomorrow = new Date(date.getTime() + unitsMs.day!)
    if (days === 'L' && tomorrow.getUTCMonth() === date.getUTCMonth()) return false
    return inDay(date.getUTCDate()) && inMonth(date.getUTCMonth() + 1) && inWeekday(date.getUTCDay() + 1)
  }
  return (afterMs) => {
    let atMs = (Math.floor(afterMs / minuteMs) + 1) * minuteMs
    for (let date = new Date(atMs); date.getUTCFullYear() <= lastYear; date = new Date(atMs)) {
      if (!inYear(date.getUTCFullYear()) || !dueDay(date)) atMs = (Math.floor(atMs / unitsMs.day!) + 1) * unitsMs.day!
      else if (!inHour(date.getUTCHours())) atMs = (Math.floor(atMs / unitsMs.hour!) + 1) * unitsMs.hour!
      else if (!inMinute(date.getUTCMinutes())) atMs += minuteMs
      else return atMs
    }
    return undefined
  }
}
