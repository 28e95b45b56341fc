import { invalid } from './validation-error.ts'

/** ±d.ddd × 10^exponent, where `digits` has no zero at either end; zero has no digits. */
export type Decimal = { readonly negative: boolean; readonly digits: string; readonly exponent: number }

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types
const maxDigits = 38
const maxExponent = 125
const minExponent = -130

/** The exact number that a text writes. Throws ValidationException for no number, over 38 digits or out of range. */
export const parseDecimal = (text: string): Decimal => {
  if (text === '') throw invalid('The parameter cannot be converted to a numeric value')
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text)
  if (!match || `${match[2]}${match[3]}` === '') {
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`)
  }
  const [, sign, whole = '', fraction = '', power = '0'] = match
  return normalise(sign === '-', whole + fraction, whole.length - 1 + Number(power))
}

/** Plain digits without an exponent, as DynamoDB answers them. */
export const formatDecimal = ({ negative, digits, exponent }: Decimal): string => {
  if (digits === '') return '0'
  const sign = negative ? '-' : ''
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const fraction = digits.slice(exponent + 1)
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`
}

/** Exact a + b. Throws ValidationException when the sum has over 38 digits or is out of range. */
export const addDecimals = (a: Decimal, b: Decimal): Decimal => {
  const lastPlace = Math.min(placeOfLastDigit(a), placeOfLastDigit(b))
  const sum = scaled(a, lastPlace) + scaled(b, lastPlace)
  const digits = (sum < 0n ? -sum : sum).toString()
  return normalise(sum < 0n, digits, digits.length - 1 + lastPlace)
}

export const negate = (a: Decimal): Decimal => ({ ...a, negative: !a.negative })

/** Negative, zero or positive as a is less than, equal to or greater than b. */
export const compareDecimals = (a: Decimal, b: Decimal): number => {
  const signs = signOf(a) - signOf(b)
  if (signs !== 0) return signs
  const magnitudes = a.exponent - b.exponent || compareText(a.digits, b.digits)
  return a.negative ? -magnitudes : magnitudes
}

const normalise = (negative: boolean, allDigits: string, exponentOfFirst: number): Decimal => {
  const withoutLead = allDigits.replace(/^0+/, '')
  const digits = withoutLead.replace(/0+$/, '')
  if (digits === '') return { negative: false, digits: '', exponent: 0 }
  const exponent = exponentOfFirst - (allDigits.length - withoutLead.length)
  if (exponent > maxExponent) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range')
  }
  if (exponent < minExponent) {
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range')
  }
  if (digits.length > maxDigits) throw invalid('Attempting to store more than 38 significant digits in a Number')
  return { negative, digits, exponent }
}

const signOf = (a: Decimal): number => (a.digits === '' ? 0 : a.negative ? -1 : 1)
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const placeOfLastDigit = (a: Decimal): number => (a.digits === '' ? 0 : a.exponent - a.digits.length + 1)
const scaled = (a: Decimal, lastPlace: number): bigint => {
  const magnitude = BigInt(a.digits || '0') * 10n ** BigInt(placeOfLastDigit(a) - lastPlace)
  return a.negative ? -magnitude : magnitude
}
