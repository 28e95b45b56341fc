import type { Matrix } from '../../estimators/estimator.ts'

/** sum of weight x margins, weights of sum 1, in the order given: the graph adds in the same one. */
export const blendMargins = (members: readonly { readonly weight: number; readonly margins: Matrix }[]): Matrix => {
  const [first] = members
  if (first !== undefined && members.length === 1) return first.margins
  const { rows = 0, columns = 0 } = first?.margins ?? {}
  const values = new Float64Array(rows * columns)
  for (const { weight, margins } of members)
    for (let at = 0; at < values.length; at++) values[at]! += weight * margins.values[at]!
  return { rows, columns, values }
}
