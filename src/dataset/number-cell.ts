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
export const significantDigits = (value: number): number =>
  value.toExponential().replace(/e.*$/, '').replace(/[^\d]/g, '').replace(/0+$/, '').length
