import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatNano, parseNano, parseSignedNano, toNano } from '../../../src/billing/money.ts'
import { costOf, type Price, priceInForce } from '../../../src/billing/price.ts'

const safe = fc.nat(Number.MAX_SAFE_INTEGER)

test('any amount -> its decimal and back, exact; as a bigint the same; below 0 with its sign', () => {
  fc.assert(
    fc.property(safe, (nano) => {
      const text = formatNano(nano)
      const below =
        formatNano(-nano) === (nano === 0 ? '0' : `-${text}`) && formatNano(-BigInt(nano)) === formatNano(-nano)
      return parseNano('amount', text) === nano && formatNano(BigInt(nano)) === text && below
    }),
  )
})

test.for([
  ['0', 0],
  ['0.000002', 2_000],
  ['1.25', 1_250_000_000],
  ['9007199.254740991', Number.MAX_SAFE_INTEGER],
])('%s -> %d nano', ([text, nano]) => {
  expect(parseNano('amount', String(text))).toBe(nano)
  expect(formatNano(Number(nano))).toBe(text)
})

test.for(['', '.5', '1.', '01', '-1', '+1', '1e3', '0.0000000001', '1,5', ' 1', 'NaN', '١'])(
  'amount %j -> refused',
  (text) => expect(() => parseNano('amount', text)).toThrow('amount: expected a decimal'),
)

test.for([
  [parseNano, '9007199.254740992'],
  [parseSignedNano, '-10000000'],
] as const)('an amount that is too large -> told the most, not the form', ([parse, text]) =>
  expect(() => parse('amount', text)).toThrow(
    `amount: expected at most 9007199.254740991, got ${text.replace('-', '')}`,
  ),
)

test.for([-1, 0.5, 2 ** 53, Number.NaN])('%d nano -> refused', (nano) =>
  expect(() => toNano(nano)).toThrow('nano-units'),
)

const price: Price = {
  id: 'p',
  model: 'cars',
  unit: 'row',
  nanoPerUnit: toNano(7),
  minimumPerCallNano: toNano(20),
  fromMs: 0,
}

test('units and a minimum -> the larger of both', () => {
  expect([1, 2, 3, 100].map((units) => costOf(price, units))).toEqual([20, 20, 21, 700])
  expect(costOf(undefined, 5)).toBe(0)
})

test('a cost above a safe integer -> refused, not rounded', () => {
  expect(() => costOf({ ...price, nanoPerUnit: toNano(Number.MAX_SAFE_INTEGER) }, 2)).toThrow(
    'cost of at most 9007199.254740991',
  )
})

test('prices of several hours -> the latest that holds', () => {
  const prices = [200, 0, 100].map((fromMs) => ({ ...price, fromMs }))
  expect([0, 99, 100, 199, 200].map((hourMs) => priceInForce(prices, hourMs)?.fromMs)).toEqual([0, 0, 100, 100, 200])
  expect(priceInForce([{ ...price, fromMs: 100 }], 99)).toBeUndefined()
})
