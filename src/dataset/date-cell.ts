/** `ISO`: 2024-02-29, with T or a blank hh:mm[:ss[.fff]] and then Z or an offset such as +01:00. */
export const isoFormat = 'ISO'

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/

const fieldPatterns: Readonly<Record<string, string>> = {
  YYYY: '(?<YYYY>\\d{4})',
  MM: '(?<MM>\\d{1,2})',
  DD: '(?<DD>\\d{1,2})',
  HH: '(?<HH>\\d{1,2})',
  mm: '(?<mm>\\d{2})',
  ss: '(?<ss>\\d{2})',
}
const field = /YYYY|MM|DD|HH|mm|ss/g

/** Reads a date's text -> epoch seconds in UTC, fractions of a second cut; undefined when it is no such date. */
export type ParseDate = (text: string) => bigint | undefined

/** A parser of one format, or undefined when the format lacks YYYY, MM or DD, or names a field twice. */
export const dateParser = (format: string): ParseDate | undefined => {
  if (format === isoFormat) return parseIso
  const fields: readonly string[] = format.match(field) ?? []
  const once = new Set(fields).size === fields.length
  if (!once || !['YYYY', 'MM', 'DD'].every((name) => fields.includes(name))) return undefined
  const pattern = new RegExp(`^${literal(format).replace(field, (name) => fieldPatterns[name]!)}$`)
  return (text) => {
    const found = pattern.exec(text)?.groups
    if (found === undefined) return undefined
    const number = (name: string, missing: number): number => Number(found[name] ?? missing)
    return epochSeconds(
      number('YYYY', 0),
      number('MM', 1),
      number('DD', 1),
      number('HH', 0),
      number('mm', 0),
      number('ss', 0),
    )
  }
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

const epochSeconds = (
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): bigint | undefined => {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return BigInt((daysFromCivil(year, month, day) * 24 + hour) * 3600 + minute * 60 + second)
}

const daysInMonth = (year: number, month: number): number => {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar. H. Hinnant, chrono-compatible low-level date algorithms. */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

/** Text that a pattern takes as it is. */
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
