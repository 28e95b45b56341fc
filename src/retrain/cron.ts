/** The day and time fields of a cron expression: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */

/** Throws what the field expected and what came. */
export type Refuse = (expected: string) => never

type Accepts = (value: number) => boolean

type Field = {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly names?: readonly string[]
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] // 1 is Sunday

const fields = {
  minutes: { name: 'minutes', least: 0, most: 59 },
  hours: { name: 'hours', least: 0, most: 23 },
  day: { name: 'day-of-month', least: 1, most: 31 },
  month: { name: 'month', least: 1, most: 12, names: months },
  weekday: { name: 'day-of-week', least: 1, most: 7, names: weekdays },
  year: { name: 'year', least: 1970, most: 2199 },
} as const satisfies Readonly<Record<string, Field>>

export const lastYear = fields.year.most

const numberIn = ({ name, least, most, names = [] }: Field, text: string, refuse: Refuse): number => {
  const named = names.indexOf(text.toUpperCase())
  const value = named >= 0 ? named + 1 : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : refuse(`${name} ${least} to ${most}, got ${text || 'none'}`)
}

/** Lists, ranges and steps: `0,30`, `MON-FRI`, `0/15`, `*`; `20-2` goes on past the end of the field. */
const parseField = (field: Field, text: string, refuse: Refuse): Accepts => {
  const accepted = new Set<number>()
  for (const item of text.split(',')) {
    const [range = '', step, ...rest] = item.split('/')
    const [first = '', last, ...more] = range.split('-')
    if (rest.length > 0 || more.length > 0) refuse(`${field.name} as a list of ranges with steps, got ${item}`)
    const from = range === '*' ? field.least : numberIn(field, first, refuse)
    const to =
      last === undefined ? (range === '*' || step !== undefined ? field.most : from) : numberIn(field, last, refuse)
    if (to < from && field === fields.year) refuse(`years as a range that grows, got ${item}`)
    const by = step === undefined ? 1 : /^[1-9]\d{0,3}$/.test(step) ? Number(step) : Number.NaN
    if (Number.isNaN(by)) refuse(`${field.name} with a step above 0, got ${item}`)
    const size = field.most - field.least + 1
    const end = to < from ? to + size : to
    for (let value = from; value <= end; value += by) accepted.add(value > field.most ? value - size : value)
  }
  return (value) => accepted.has(value)
}

/** Whether a day of the calendar is meant; all in UTC. */
type AcceptsDay = (date: Date) => boolean

const daysInMonth = (date: Date): number =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()

const saturday = 6
const sunday = 0

/** `3W`: the weekday nearest to the third, in the same month. */
const nearestWeekday = (date: Date, wanted: number): number => {
  const last = daysInMonth(date)
  const day = Math.min(wanted, last)
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay()
  if (weekday === saturday) return day === 1 ? day + 2 : day - 1
  if (weekday === sunday) return day === last ? day - 2 : day + 1
  return day
}

const parseDay = (text: string, refuse: Refuse): AcceptsDay => {
  if (text === 'L') return (date) => date.getUTCDate() === daysInMonth(date)
  if (text.endsWith('W')) {
    const wanted = numberIn(fields.day, text.slice(0, -1), refuse)
    return (date) => date.getUTCDate() === nearestWeekday(date, wanted)
  }
  const accepts = parseField(fields.day, text, refuse)
  return (date) => accepts(date.getUTCDate())
}

const daysOfWeek = 7
const mostWeeks = 5

const parseWeekday = (text: string, refuse: Refuse): AcceptsDay => {
  if (text === 'L') return (date) => date.getUTCDay() === saturday
  const [day = '', week, ...rest] = text.split('#')
  if (week !== undefined) {
    const wanted = numberIn(fields.weekday, day, refuse)
    if (rest.length > 0 || !/^[1-5]$/.test(week)) refuse(`day-of-week with # and a week 1 to ${mostWeeks}, got ${text}`)
    return (date) => date.getUTCDay() + 1 === wanted && Math.ceil(date.getUTCDate() / daysOfWeek) === Number(week)
  }
  if (text.length > 1 && text.endsWith('L')) {
    const wanted = numberIn(fields.weekday, text.slice(0, -1), refuse)
    return (date) => date.getUTCDay() + 1 === wanted && date.getUTCDate() > daysInMonth(date) - daysOfWeek
  }
  const accepts = parseField(fields.weekday, text, refuse)
  return (date) => accepts(date.getUTCDay() + 1)
}

export type Cron = { readonly minute: Accepts; readonly hour: Accepts; readonly day: AcceptsDay }

/** The six fields: minutes hours day-of-month month day-of-week year. */
export const parseCron = (texts: readonly string[], refuse: Refuse): Cron => {
  const [minutes = '', hours = '', day = '', month = '', weekday = '', year = ''] = texts
  // "You can't use * in both Day-of-month and Day-of-week: use ? in one."
  if ((day === '?') === (weekday === '?')) refuse('? in one of day-of-month and day-of-week')
  const inMonth = parseField(fields.month, month, refuse)
  const inYear = parseField(fields.year, year, refuse)
  const onDay = day === '?' ? parseWeekday(weekday, refuse) : parseDay(day, refuse)
  return {
    minute: parseField(fields.minutes, minutes, refuse),
    hour: parseField(fields.hours, hours, refuse),
    day: (date) => inYear(date.getUTCFullYear()) && inMonth(date.getUTCMonth() + 1) && onDay(date),
  }
}
