import { epochSeconds } from './epoch.ts'

/** `ISO`: 2024-02-29, with T or a blank hh:mm[:ss[.fff]] and then Z or an offset such as +01:00. */
export const isoFormat = 'ISO'

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/

const monthNames = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october']
const months = new Map([...monthNames, 'november', 'december'].map((name, i) => [name, i + 1]))
for (const [name, number] of [...months]) months.set(name.slice(0, 3), number)
months.set('sept', 9)

/** MMM is an English month, written out or by its first three letters; hh goes with A, which is AM or PM. */
const fieldPatterns: Readonly<Record<string, string>> = {
  YYYY: '(?<YYYY>\\d{4})',
  YY: '(?<YY>\\d{2})',
  MMM: '(?<MMM>[A-Za-z]{3,9})\\.?',
  MM: '(?<MM>\\d{1,2})',
  DD: '(?<DD>\\d{1,2})',
  HH: '(?<HH>\\d{1,2})',
  hh: '(?<hh>\\d{1,2})',
  mm: '(?<mm>\\d{2})',
  ss: '(?<ss>\\d{2})(?:\\.\\d+)?',
  A: '(?<A>[AaPp])\\.?[Mm]\\.?',
}
const field = /YYYY|YY|MMM|MM|DD|HH|hh|mm|ss|A/g

/** Two digits of a year from 69 on are of the last century: POSIX strptime, %y. */
const firstYearOfLastCentury = 69

/** Reads a date's text -> epoch seconds in UTC, fractions of a second cut; undefined when it is no such date. */
export type ParseDate = (text: string) => bigint | undefined

const has = (fields: readonly string[], ...oneOf: readonly string[]): boolean =>
  oneOf.filter((name) => fields.includes(name)).length === 1

/** Digits of a month and day without a mark between them have two each. */
const isCompact = (format: string): boolean => /YYYYMM|MMDD|DDMM|HHmm/.test(format)

/** A parser of one format, or undefined when the format lacks a year, a month or a day, or names a field twice. */
export const dateParser = (format: string): ParseDate | undefined => {
  if (format === isoFormat) return parseIso
  const fields: readonly string[] = format.match(field) ?? []
  const once = new Set(fields).size === fields.length
  if (!once || !has(fields, 'YYYY', 'YY') || !has(fields, 'MMM', 'MM') || !fields.includes('DD')) return undefined
  if (fields.includes('hh') !== fields.includes('A') || (fields.includes('hh') && fields.includes('HH')))
    return undefined
  const width = isCompact(format) ? (pattern: string) => pattern.replace('{1,2}', '{2}') : (pattern: string) => pattern
  const pattern = new RegExp(`^${literal(format).replace(field, (name) => width(fieldPatterns[name]!))}$`)
  return (text) => {
    const found = pattern.exec(text)?.groups
    if (found === undefined) return undefined
    const month = found.MMM === undefined ? Number(found.MM) : months.get(found.MMM.toLowerCase())
    const hour = hourOf(found)
    if (month === undefined || hour === undefined) return undefined
    return epochSeconds(yearOf(found), month, Number(found.DD), hour, Number(found.mm ?? 0), Number(found.ss ?? 0))
  }
}

type Groups = Readonly<Record<string, string | undefined>>

const yearOf = ({ YYYY, YY }: Groups): number => {
  if (YYYY !== undefined) return Number(YYYY)
  const year = Number(YY)
  return year + (year >= firstYearOfLastCentury ? 1900 : 2000)
}

/** 12 AM is midnight and 12 PM noon. */
const hourOf = ({ HH, hh, A }: Groups): number | undefined => {
  if (hh === undefined) return Number(HH ?? 0)
  const hour = Number(hh)
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (A?.toLowerCase() === 'p' ? 12 : 0)
}

const parseIso: ParseDate = (text) => {
  const found = iso.exec(text)
  if (found === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = found
  const local = epochSeconds(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
  const offset = offsetSeconds(zone)
  return local === undefined || offset === undefined ? undefined : local - offset
}

const offsetSeconds = (zone: string): bigint | undefined => {
  if (zone === 'Z') return 0n
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  // The widest offsets in use are -12:00 and +14:00.
  if (hours > 14 || minutes > 59) return undefined
  const seconds = BigInt(hours * 3600 + minutes * 60)
  return zone.startsWith('-') ? -seconds : seconds
}

/** Text that a pattern takes as it is. */
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
