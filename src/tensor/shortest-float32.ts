/** Every decimal of up to 6 digits survives float32; 9 digits name each float32 (FLT_DIG, FLT_DECIMAL_DIG of C). */
const fewestDigits = 6
const mostDigits = 9

/** Between these, x·10^k stays below 2^53 and 10^k is exact, so that m / 10^k is the double nearest to the decimal. */
const leastScaled = 1e-12
const mostScaled = 1e9

const powersOfTen = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`))

/** For any size; subnormal numbers need fewer digits than 6. */
const byPrecision = (x: number): number => {
  for (let digits = 1; digits < mostDigits; digits++) {
    const decimal = Number(x.toPrecision(digits))
    if (Math.fround(decimal) === x) return decimal
  }
  return Number(x.toPrecision(mostDigits))
}

/**
 * The double whose shortest text is the shortest decimal that names the float32 `x`: 0.30000001192092896 -> 0.3.
 * Whole numbers come back as they are. `x` must be finite.
 */
export const shortestFloat32 = (x: number): number => {
  const size = Math.abs(x)
  if (Number.isInteger(x) && size < mostScaled) return x
  if (size < leastScaled || size >= mostScaled) return byPrecision(x)
  const exponent = Math.floor(Math.log10(size))
  for (let digits = fewestDigits; digits < mostDigits; digits++) {
    const scale = powersOfTen[digits - 1 - exponent]!
    const decimal = Math.round(x * scale) / scale
    if (Math.fround(decimal) === x) return decimal
  }
  return byPrecision(x)
}
