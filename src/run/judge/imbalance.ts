import type { Label } from '../../registry/manifest.ts'

/** A class with a smaller share of the rows is named. */
const leastShare = 0.05

/** What the owner should know of classes that are rare; `y` holds class numbers. */
export const imbalanceNotice = (
  target: string,
  classes: readonly Label[] | null,
  y: Float64Array,
): readonly string[] => {
  if (classes === null || y.length === 0) return []
  const counts = new Float64Array(classes.length)
  for (const k of y) counts[k]! += 1
  const fewest = counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY)
  if (fewest >= leastShare * y.length || classes.length > 1 / leastShare) return []
  const rarest = classes[counts.indexOf(fewest)]
  const share = ((100 * fewest) / y.length).toFixed(2)
  return [
    `target ${target}: ${rarest} is rare, ${fewest} of ${y.length} rows (${share} %): look at average precision and the threshold, not at accuracy`,
  ]
}
