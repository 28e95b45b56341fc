/** Rows of each level of a column, the most frequent first and then by code unit. */
export const levelCounts = (column: readonly string[]): readonly (readonly [string, number])[] => {
  const counts = new Map<string, number>()
  for (const text of column) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].sort(levelCountsOrder)
}

/** The most frequent first, then by code unit. */
export const levelCountsOrder = ([a, m]: readonly [string, number], [b, n]: readonly [string, number]): number =>
  n - m || (a < b ? -1 : 1)

/** The number of each level; of a text twice, its first. */
export const numbersByLevel = (levels: readonly string[]): ReadonlyMap<string, number> =>
  new Map(levels.map((level, k) => [level, k]))
