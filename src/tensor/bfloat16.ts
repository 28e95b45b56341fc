// bfloat16 is the upper half of a binary32: sign, 8 bits of exponent, 7 of fraction.
const lowerBits = 16
const signless = 0x7fff_ffff
const infinity = 0x7f80_0000
const quiet = 0x0040
// Just below half of the last place that stays; one more where that place is odd: ties go to even.
const belowHalf = 0x7fff

/** Bits of bfloat16 -> FP32, exactly. */
export const fp32OfBfloat16 = (bits: ArrayLike<number>): Float32Array =>
  new Float32Array(Uint32Array.from(bits, (half) => half << lowerBits).buffer)

/** FP32 -> bits of bfloat16, rounded to the nearest, ties to even; exact for what came from bfloat16. NaN stays NaN. */
export const bfloat16OfFp32 = ({ buffer, byteOffset, length }: Float32Array): Uint16Array =>
  Uint16Array.from(new Uint32Array(buffer, byteOffset, length), (word) =>
    (word & signless) > infinity
      ? (word >>> lowerBits) | quiet
      : (word + belowHalf + ((word >>> lowerBits) & 1)) >>> lowerBits,
  )
