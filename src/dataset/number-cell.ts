/** A plain decimal number: no grouping, no hexadecimal, no blank inside. */
const decimalPoint = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const decimalComma = /^[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?$/

/** The finite number that a text spells, or undefined. `1e400` is none: float64 cannot hold it. */
export const parseNumber = (text: string, decimal: '.' | ','): number | undefined => {
  if (!(decimal === '.' ? decimalPoint : decimalComma).test(text)) return undefined
  const value = Number(decimal === '.' ? text : text.replace(',', '.'))
  return Number.isFinite(value) ? value : undefined
}

/** Digits after leading zeros are cut and the exponent is dropped: how many a float must hold. */
const significantDigits = (value: number): number =>
  value.toExponential().replace(/e.*$/, '').replace(/[^\d]/g, '').replace(/0+$/, '').length

/** Powers of ten that float64 holds exactly. */
const mostExactPower = 22

/** Whether a decimal of at most `digits` significant digits is this float64; told by one multiplication where it can be. */
export const fitsDigits = (value: number, digits: number): boolean => {
  if (value === 0) return true
  const power = digits - 1 - Math.floor(Math.log10(Math.abs(value)))
  if (power < 0 || power > mostExactPower) return significantDigits(value) <= digits
  const scale = 10 ** power
  const whole = Math.round(value * scale)
  // log10 may be off by one at a power of ten.
  return Math.abs(whole) <= 10 ** digits ? whole / scale === value : significantDigits(value) <= digits
}
