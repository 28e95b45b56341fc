/** The numbers of a column that are there, in ascending order; the column itself where it is that already. */
export const sortedPresent = (column: Float64Array): Float64Array =>
  isAscending(column) ? column : column.filter((value) => !Number.isNaN(value)).sort()

/** False with a NaN. */
const isAscending = (column: Float64Array): boolean => {
  if (Number.isNaN(column[0])) return false
  for (let row = 1; row < column.length; row++) if (!(column[row]! >= column[row - 1]!)) return false
  return true
}

/**
 * A quantile of sorted values, share in [0, 1]; between two of them by linear interpolation. numpy's `linear`
 * (Hyndman & Fan 1996, type 7), in its order of operations. Of no values: 0.
 */
export const quantile = (sorted: Float64Array, share: number): number => {
  if (sorted.length === 0) return 0
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  const rest = place - below
  // numpy's _lerp: from the nearer end, so that the ends are met exactly.
  return rest >= 0.5 ? high - (high - low) * (1 - rest) : low + (high - low) * rest
}
