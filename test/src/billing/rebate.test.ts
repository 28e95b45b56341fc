import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toNano } from '../../../src/billing/money.ts'
import { newPrice, priceSchema } from '../../../src/billing/price-request.ts'
import { rebateOf } from '../../../src/billing/rebate.ts'
import { PercallError } from '../../../src/errors.ts'

const price = (fields: object) => ({
  ...{ id: 'p', model: 'm', fromMs: 0 },
  ...newPrice(priceSchema.parse({ unit: 'row', amount: '0.00000002', ...fields })),
})

/** Unit by unit, as a person would reckon it. */
const byUnits = (
  { freePerMonth = 0, tiers = [], nanoPerUnit }: ReturnType<typeof price>,
  units: number,
  before: number,
) => {
  let sum = 0n
  for (let number = before + 1; number <= before + units; number++) {
    const tier = tiers.findLast(({ from }) => number > from)
    const cost = number <= freePerMonth ? 0 : (tier?.nanoPerUnit ?? nanoPerUnit)
    sum += BigInt(nanoPerUnit - cost)
  }
  return sum
}

const prices = fc
  .record({
    freePerMonth: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    steps: fc.array(fc.record({ more: fc.integer({ min: 1, max: 30 }), less: fc.integer({ min: 1, max: 5 }) }), {
      maxLength: 3,
    }),
  })
  .map(({ freePerMonth, steps }) => {
    let [from, nano] = [freePerMonth ?? 0, 20]
    const tiers = steps.map(({ more, less }) => {
      from += more
      nano -= less
      return { from, amount: `0.${String(nano).padStart(9, '0')}` }
    })
    return price({ freePerMonth, ...(tiers.length > 0 && { tiers }) })
  })

const count = fc.nat(150)

test("a month's units -> what a count unit by unit gives back, in one sum or in parts", () => {
  const property = fc.property(prices, count, count, count, (one, units, more, before) => {
    const rebate = rebateOf(one, units, before)
    expect(rebate).toBe(byUnits(one, units, before))
    expect(rebate + rebateOf(one, more, before + units)).toBe(rebateOf(one, units + more, before))
    expect(rebate).toBeLessThanOrEqual(BigInt(units) * BigInt(one.nanoPerUnit))
  })
  fc.assert(property)
})

test('more units than a number holds exactly in nano -> exact', () => {
  const tiers = [{ from: 1000, nanoPerUnit: toNano(1_000_000_000) }]
  const dear = { ...price({}), nanoPerUnit: toNano(3_000_000_000_000_001), tiers }
  expect(rebateOf(dear, 9_007_199_254_740_991)).toBe((9_007_199_254_740_991n - 1000n) * 2_999_999_000_000_001n)
})

const refusal = (fields: object): string => {
  try {
    price(fields)
  } catch (thrown) {
    return thrown instanceof PercallError ? `${thrown.code} ${thrown.message}` : 'BAD_REQUEST'
  }
  return 'none'
}

test.for([
  [
    'tiers that descend',
    {
      tiers: [
        { from: 9, amount: '0.00000001' },
        { from: 5, amount: '0' },
      ],
    },
    /^BAD_PRICE tiers\.1\.from: expected more units than 9, got 5/,
  ],
  [
    'two tiers from one number',
    {
      tiers: [
        { from: 9, amount: '0.00000001' },
        { from: 9, amount: '0' },
      ],
    },
    /^BAD_PRICE tiers\.1\.from/,
  ],
  [
    'a dearer tier',
    { tiers: [{ from: 9, amount: '1' }] },
    /^BAD_PRICE tiers\.0\.amount: expected less than the amount before it, got 1/,
  ],
  ['a tier at the list price', { tiers: [{ from: 9, amount: '0.00000002' }] }, /^BAD_PRICE tiers\.0\.amount/],
  [
    'a tier among the free units',
    { freePerMonth: 10, tiers: [{ from: 10, amount: '0' }] },
    /^BAD_PRICE tiers\.0\.from: expected more units than 10/,
  ],
  ['a negative amount of a tier', { tiers: [{ from: 9, amount: '-1' }] }, /^BAD_PRICE tiers\.0\.amount: .*got -1/],
  ['ten places', { tiers: [{ from: 9, amount: '0.0000000001' }] }, /^BAD_PRICE/],
  ['a tier from 0', { tiers: [{ from: 0, amount: '0' }] }, /^BAD_REQUEST/],
  ['half a free unit', { freePerMonth: 0.5 }, /^BAD_REQUEST/],
  ['no free units', { freePerMonth: 0 }, /^BAD_REQUEST/],
  ['no unit', { unit: undefined }, /^BAD_REQUEST/],
] as const)('a price with %s -> refused', ([, fields, words]) => {
  expect(refusal(fields)).toMatch(words)
})
