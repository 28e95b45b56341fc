type Figures = Readonly<Record<string, number>>

/** Does one work after the other, also behind one that fails, and puts their figures together. Then throws the first failure. */
export const allTried = async (works: readonly (() => Promise<Figures>)[]): Promise<Figures> => {
  const figures: Record<string, number> = {}
  const failures: unknown[] = []
  for (const work of works) {
    try {
      Object.assign(figures, await work())
    } catch (thrown) {
      failures.push(thrown)
    }
  }
  if (failures.length > 0) throw failures[0]
  return figures
}
