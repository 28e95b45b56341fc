/** What plainNumber answers for a text that is none; no plain number is infinite. */
export const noNumber = Number.NEGATIVE_INFINITY

/** Powers of ten that float64 holds exactly. */
const tens = Float64Array.from({ length: 23 }, (_, power) => 10 ** power)
const mostExactPower = 22
const mostExactWhole = Number.MAX_SAFE_INTEGER
/** A whole number of more digits may not be exact, and a code such as 007 is no number: both stay text. */
const mostWholeDigits = 15

/** Digits that an integer of 32 bits holds: most numbers have no more, and are read without a float. */
const mostShortDigits = 9

const digitAt = (bytes: Uint8Array, at: number): number => bytes[at]! - 48

/**
 * The float64 nearest to a plain decimal in ASCII, `noNumber` for other text. What it reads is told from its value alone
 * wherever the codec reads it: at most 15 digits before the point, no leading zero, finite. Whole mantissas to 2^53 with
 * powers to 10^22 are exact by one division (Clinger, How to read floating point numbers accurately, 1990).
 */
export const plainNumber = (bytes: Uint8Array, from: number, to: number): number => {
  const sign = bytes[from]
  const begin = sign === 45 || sign === 43 ? from + 1 : from
  let at = begin
  let mantissa = 0
  for (; at < to; at++) {
    const digit = (bytes[at]! - 48) | 0
    if (digit < 0 || digit > 9) break
    mantissa = (Math.imul(mantissa, 10) + digit) | 0
  }
  const whole = at - begin
  let scale = 0
  if (at < to && bytes[at] === 46) {
    const point = at + 1
    for (at = point; at < to; at++) {
      const digit = (bytes[at]! - 48) | 0
      if (digit < 0 || digit > 9) break
      mantissa = (Math.imul(mantissa, 10) + digit) | 0
    }
    scale = at - point
  }
  if (at !== to || whole + scale > mostShortDigits || whole + scale === 0 || (whole > 1 && bytes[begin] === 48))
    return longNumber(bytes, from, begin, to)
  const value = scale === 0 ? mantissa : mantissa / tens[scale]!
  // 0 - value: -0 is 0, as in the codec.
  return sign === 45 ? 0 - value : value
}

/** As plainNumber, of any number of digits and with an exponent; the digits begin at `begin`. */
const longNumber = (bytes: Uint8Array, from: number, begin: number, to: number): number => {
  let at = begin
  let mantissa = 0
  for (; at < to; at++) {
    const digit = digitAt(bytes, at)
    if (digit < 0 || digit > 9) break
    mantissa = mantissa * 10 + digit
  }
  const whole = at - begin
  if (whole > mostWholeDigits || (whole > 1 && bytes[begin] === 48)) return noNumber
  let scale = 0
  if (at < to && bytes[at] === 46) {
    const point = at + 1
    for (at = point; at < to; at++) {
      const digit = digitAt(bytes, at)
      if (digit < 0 || digit > 9) break
      mantissa = mantissa * 10 + digit
    }
    scale = at - point
  }
  if (whole + scale === 0) return noNumber
  if (at === to && mantissa <= mostExactWhole && scale <= mostExactPower) {
    const value = scale === 0 ? mantissa : mantissa / tens[scale]!
    return bytes[from] === 45 ? 0 - value : value
  }
  return at === to || isExponent(bytes, at, to) ? slowly(bytes, from, to) : noNumber
}

const isExponent = (bytes: Uint8Array, from: number, to: number): boolean => {
  if ((bytes[from]! | 32) !== 101) return false
  const signed = bytes[from + 1] === 45 || bytes[from + 1] === 43
  const begin = from + (signed ? 2 : 1)
  for (let at = begin; at < to; at++) {
    const digit = digitAt(bytes, at)
    if (digit < 0 || digit > 9) return false
  }
  return begin < to
}

const slowly = (bytes: Uint8Array, from: number, to: number): number => {
  const value = Number(String.fromCharCode(...bytes.subarray(from, to)))
  return Number.isFinite(value) ? value + 0 : noNumber
}
