/** Weights of rows by true class (first index) and answered class: [K][K]. truth and labels [n] class numbers. */
export const confusionMatrix = (
  truth: Float64Array,
  labels: Float64Array,
  classes: number,
  weights?: Float64Array,
): readonly (readonly number[])[] => {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  truth.forEach((own, i) => {
    counts[own]![labels[i]!]! += weights?.[i] ?? 1
  })
  return counts
}
