const single = new Float32Array(1)
const bitsOf = new Uint32Array(single.buffer)

/** The largest finite binary16. */
export const mostHalf = 65_504

/** The nearest IEEE 754 binary16, ties to even, as its bits. Values beyond 65,504 become infinite. */
const halfOf = (value: number): number => {
  single[0] = value
  const bits = bitsOf[0]!
  const sign = (bits >>> 16) & 0x8000
  const exponent = ((bits >>> 23) & 0xff) - 112
  const fraction = bits & 0x7fffff
  if (exponent === 143) return sign | 0x7c00 | (fraction ? 0x200 : 0)
  if (exponent > 30) return sign | 0x7c00
  // Below 2^-14 the leading one is written out and the fraction moves on: subnormals.
  const whole = exponent > 0 ? (exponent << 23) | fraction : fraction | 0x800000
  const shift = exponent > 0 ? 13 : 14 - exponent
  if (shift > 24) return sign
  const rest = whole & ((1 << shift) - 1)
  const floor = whole >>> shift
  const tie = 1 << (shift - 1)
  // A fraction that rounds up carries into the exponent, as it should.
  return sign | (floor + (rest > tie || (rest === tie && (floor & 1) === 1) ? 1 : 0))
}

export const halvesOf = (values: Float32Array): Uint16Array => {
  const halves = new Uint16Array(values.length)
  // `Uint16Array.from` makes an array of numbers in between.
  for (let at = 0; at < values.length; at++) halves[at] = halfOf(values[at]!)
  return halves
}
