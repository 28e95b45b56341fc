const msOf: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** A whole number and a unit: `90s`, `5m`, `1h`, `7d`. */
export const durationPattern = /^(\d{1,9})(ms|s|m|h|d)$/

/** Milliseconds of a text that durationPattern takes; undefined for any other. */
export const durationMs = (text: string): number | undefined => {
  const [, count, unit = ''] = durationPattern.exec(text) ?? []
  const factor = msOf[unit]
  return count === undefined || factor === undefined ? undefined : Number(count) * factor
}
