import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDecimals, compareDecimals, formatDecimal, parseDecimal } from '../../../local/tables/decimal.ts'
import { afterPrefix, keyBytes } from '../../../local/tables/key-bytes.ts'

// The model: a number is an integer times 10^-130, exactly, in a BigInt.
const scale = 130
const model = (text: string): bigint => {
  const [, sign, whole, fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e(-?\d+))?$/.exec(text)!
  const shift = scale + Number(power) - fraction.length
  const digits = BigInt(whole + fraction)
  const magnitude = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift)
  return sign ? -magnitude : magnitude
}

const digits = fc.stringMatching(/^[1-9]\d{0,37}$/)
/** Texts of numbers in range: up to 38 digits, their last place from 10^-130. */
const number = fc.oneof(
  fc.constant('0'),
  fc
    .tuple(fc.constantFrom('', '-'), digits, fc.integer({ min: -130, max: 88 }))
    .map(([sign, text, power]) => `${sign}${text}e${power}`),
  fc.tuple(fc.constantFrom('', '-'), fc.nat(200), fc.constantFrom('', '.5', '.25')).map((parts) => parts.join('')),
)
const signOf = (value: bigint | number): number => (value > 0 ? 1 : value < 0 ? -1 : 0)

describe('numbers, against integers times 10^-130', () => {
  test('any two -> compared by value, alone and as key bytes', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const expected = signOf(model(a) - model(b))
        expect(signOf(compareDecimals(parseDecimal(a), parseDecimal(b)))).toBe(expected)
        expect(Buffer.compare(keyBytes({ N: a }), keyBytes({ N: b }))).toBe(expected)
      }),
      { numRuns: 5000 },
    )
  })

  test('any -> written in plain digits with the same value', () => {
    fc.assert(
      fc.property(number, (a) => {
        const written = formatDecimal(parseDecimal(a))
        expect(written).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/)
        expect(model(written)).toBe(model(a))
      }),
      { numRuns: 2000 },
    )
  })

  test('any sum that has 38 digits -> exact; any other -> refused', () => {
    fc.assert(
      fc.property(number, number, (a, b) => {
        const sum = model(a) + model(b)
        const significant = (sum < 0n ? -sum : sum).toString().replace(/0+$/, '')
        const add = () => formatDecimal(addDecimals(parseDecimal(a), parseDecimal(b)))
        if (significant.length > 38) expect(add).toThrow('more than 38 significant digits')
        else expect(model(add())).toBe(sum)
      }),
      { numRuns: 5000 },
    )
  })
})

test('strings -> key bytes in the order of UTF-8, unlike UTF-16', () => {
  expect(Buffer.compare(keyBytes({ S: '\u{10000}' }), keyBytes({ S: '\uffff' }))).toBe(1)
  expect('\u{10000}' < '\uffff').toBe(true)
})

test('a prefix -> the least bytes after all that begin with it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.uint8Array({ minLength: 1 }), (prefix, other) => {
      const begins = Buffer.from(other).subarray(0, prefix.length).equals(Buffer.from(prefix))
      const after = afterPrefix(prefix)
      const isWithin = Buffer.compare(other, prefix) >= 0 && (!after || Buffer.compare(other, after) < 0)
      expect(isWithin).toBe(begins)
    }),
  )
})
