/** Digits that a person reads at a glance. */
const digits = 4

/** Four significant digits, whole numbers whole. */
export const valueText = (value: number): string => {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value)
  return String(Number(value.toPrecision(digits)))
}
