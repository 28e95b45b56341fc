import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countedAs, isWithin } from '../../../src/access/consumer.ts'
import type { Key } from '../../../src/access/key.ts'
import { keySchema, narrowedKey, newKey } from '../../../src/access/key-request.ts'
import { scopes } from '../../../src/access/scope.ts'
import { PercallError } from '../../../src/errors.ts'

const nowMs = Date.UTC(2027, 0, 1)

const bodies = fc.record(
  {
    grants: fc.subarray(['*', 'a', 'b', 'c']),
    scopes: fc.subarray([...scopes]),
    ipRanges: fc.subarray(['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '::/0', '2001:db8::/32'], {
      minLength: 1,
    }),
    limits: fc.constant({ perMinute: 5 }),
    limit: fc.constant('1'),
    expires: fc.constantFrom('2027-02-01T00:00:00Z', '2028-01-01T00:00:00Z'),
  },
  { requiredKeys: [] },
)

const made = (body: object, id: string, parent?: Key): Key => {
  const wanted = newKey('acme', keySchema.parse(body), nowMs)
  return { ...(parent ? narrowedKey(wanted, parent) : wanted), id }
}

test('any key made by any key -> within it and all before it, or refused', () => {
  const property = fc.property(fc.array(bodies, { minLength: 2, maxLength: 4 }), ([first, ...others]) => {
    const line = [made(first!, 'k0')]
    for (const [i, body] of others.entries()) {
      try {
        line.push(made(body, `k${i + 1}`, line.at(-1)!))
      } catch (thrown) {
        if (!(thrown instanceof PercallError)) throw thrown
        expect(thrown.code).toBe('BAD_REQUEST')
      }
    }
    for (const [i, key] of line.entries())
      for (const elder of line.slice(0, i)) {
        expect(isWithin(key, elder)).toBe(true)
        // What it may spend or call counts as its maker's.
        if (elder.limitNano !== undefined)
          expect([key.limitNano, countedAs(key)]).toEqual([elder.limitNano, countedAs(elder)])
        if (elder.limits) expect([key.limits, countedAs(key)]).toEqual([elder.limits, countedAs(elder)])
      }
  })
  fc.assert(property, { numRuns: 300 })
})

test.for([
  ['more models', { grants: ['a'] }, {}],
  ['more scopes', { scopes: ['predict'] }, { scopes: ['predict', 'usage'] }],
  ['every scope', { scopes: ['predict'] }, {}],
  ['other addresses', { ipRanges: ['10.0.0.0/8'] }, { ipRanges: ['10.0.0.0/8', '11.0.0.0/8'] }],
  ['every address', { ipRanges: ['10.0.0.0/8'] }, {}],
  ['no limit', { limit: '1' }, {}],
  ['a limit of its own', { limits: { perMinute: 5 } }, { limits: { perMinute: 1 } }],
  ['a longer life', { expires: '2027-02-01T00:00:00Z' }, { expires: '2027-02-01T00:00:01Z' }],
] as const)('a key of the owner with %s than another -> not within it', ([, narrow, wide]) => {
  expect(isWithin(made(wide, 'wide'), made(narrow, 'narrow'))).toBe(false)
})

test('an owner key with a scope -> refused; with IP ranges -> made', () => {
  const owner = (body: object) => newKey('owner', keySchema.parse(body), nowMs)
  expect(() => owner({ scopes: ['predict'] })).toThrow(/body\.scopes: expected none, an owner key/)
  expect(owner({ ipRanges: ['10.0.0.0/8'] })).toMatchObject({ ipRanges: ['10.0.0.0/8'] })
})
