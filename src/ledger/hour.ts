/** A local hour of the billing zone, [startMs, endMs). A change of offset ends an hour: it may be shorter than 60 minutes. */
export type Hour = {
  /** `2026-10-25T02+02:00`: the offset tells the two hours of an autumn night apart. Labels do not sort; starts do. */
  readonly label: string
  readonly startMs: number
  readonly endMs: number
}

/** Offset of the zone from UTC in milliseconds at an instant. */
export type OffsetAt = (ms: number) => number

export type HourAt = (ms: number) => Hour

const minuteMs = 60_000
const hourMs = 3_600_000

/** The offset of an IANA zone by the runtime's own time-zone data. Throws RangeError for a zone it does not know. */
export const zoneOffset = (zone: string): OffsetAt => {
  // The default. The first Intl object of a process loads its data: a sixth of what loading predict takes.
  if (zone === 'UTC') return () => 0
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (ms) => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(ms)) part[type] = Number(value)
    const localMs = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second)
    return localMs - Math.floor(ms / 1000) * 1000
  }
}

const pad = (value: number): string => String(Math.abs(value)).padStart(2, '0')

const labelOf = (localHourMs: number, offsetMs: number): string => {
  const minutes = offsetMs / minuteMs
  const offset = `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`
  return `${new Date(localHourMs).toISOString().slice(0, 13)}${offset}`
}

/** First instant of (beforeMs, afterMs] at which the offset is that of afterMs; there is one change between them. */
const changeBetween = (offsetAt: OffsetAt, beforeMs: number, afterMs: number): number => {
  const offsetMs = offsetAt(afterMs)
  let [before, after] = [beforeMs, afterMs]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle) === offsetMs) after = middle
    else before = middle
  }
  return after
}

/** The local hour of an instant. */
export const hourAt =
  (offsetAt: OffsetAt): HourAt =>
  (ms) => {
    const offsetMs = offsetAt(ms)
    const localHourMs = Math.floor((ms + offsetMs) / hourMs) * hourMs
    const startMs = localHourMs - offsetMs
    const lastMs = startMs + hourMs - 1
    return {
      label: labelOf(localHourMs, offsetMs),
      startMs: offsetAt(startMs) === offsetMs ? startMs : changeBetween(offsetAt, startMs, ms),
      endMs: offsetAt(lastMs) === offsetMs ? lastMs + 1 : changeBetween(offsetAt, ms, lastMs),
    }
  }

/** Remembers the hour of the last answer: Intl costs microseconds, and a warm call stays in its hour. */
export const rememberHour = (at: HourAt): HourAt => {
  let hour: Hour | undefined
  return (ms) => {
    if (!hour || ms < hour.startMs || ms >= hour.endMs) hour = at(ms)
    return hour
  }
}

export const dayOf = ({ label }: Hour): string => label.slice(0, 'YYYY-MM-DD'.length)

/** All hours that begin in [fromMs, toMs), in order, with the one that holds fromMs. */
export const hoursBetween = (at: HourAt, fromMs: number, toMs: number): readonly Hour[] => {
  const hours: Hour[] = []
  for (let hour = at(fromMs); hour.startMs < toMs; hour = at(hour.endMs)) hours.push(hour)
  return hours
}

// Zones lie between -12:00 and +14:00; a day more is safe for days that a zone skipped.
const widestOffsetMs = 38 * hourMs

/** The first instant of a local day `YYYY-MM-DD`, or of the next one where the zone skipped it. */
export const startOfDay = (at: HourAt, day: string): number => {
  let hour = at(Date.parse(`${day}T00:00:00Z`) - widestOffsetMs)
  while (dayOf(hour) < day) hour = at(hour.endMs)
  return hour.startMs
}
