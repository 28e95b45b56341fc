const bars = [...'▁▂▃▅▇']

/** One bar a value, none of them negative: the lowest for 0 only, the highest for the largest. */
export const sparkline = (values: readonly number[]): string => {
  const most = Math.max(...values, 0)
  return values.map((value) => bars[value === 0 ? 0 : Math.ceil((value / most) * (bars.length - 1))]).join('')
}

const dayMs = 86_400_000

/** All days from one to another, both included, `YYYY-MM-DD`. */
export const daysBetween = (first: string, last: string): readonly string[] => {
  const days: string[] = []
  for (let ms = Date.parse(first); ms <= Date.parse(last); ms += dayMs)
    days.push(new Date(ms).toISOString().slice(0, 10))
  return days
}
