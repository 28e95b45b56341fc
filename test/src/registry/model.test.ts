import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PercallError } from '../../../src/errors.ts'
import { requireAlias } from '../../../src/registry/alias.ts'
import { isName } from '../../../src/registry/model.ts'
import { parseReference, versionKey } from '../../../src/registry/version.ts'

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof PercallError) return thrown.code
    throw thrown
  }
  return 'no error'
}

test.for([
  ['cars', true],
  ['Cars-2.1_b', true],
  ['7', true],
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  ['', false],
  ['.cars', false],
  ['-cars', false],
  ['__proto__', false],
  ['ca/rs', false],
  ['ca rs', false],
  ['cärs', false],
  ['cars\n', false],
] as const)('name %j -> %j', ([name, expected]) => {
  expect(isName(name)).toBe(expected)
})

test.for([
  { target: 'cars', gives: { kind: 'alias', model: 'cars', alias: 'live' } },
  { target: 'cars@canary', gives: { kind: 'alias', model: 'cars', alias: 'canary' } },
  { target: 'cars@3', gives: { kind: 'version', model: 'cars', number: 3 } },
  { target: 'cars', segment: '12', gives: { kind: 'version', model: 'cars', number: 12 } },
  { target: '42', gives: { kind: 'alias', model: '42', alias: 'live' } },
  { target: 'cars@v3', gives: { kind: 'alias', model: 'cars', alias: 'v3' } },
])('$target $segment -> $gives', ({ target, segment, gives }) => {
  expect(parseReference(target, segment)).toEqual(gives)
})

test.for([
  { target: 'cars', segment: 'live', code: 'UNKNOWN_VERSION' },
  { target: 'cars@3', segment: '3', code: 'BAD_REQUEST' },
  { target: 'cars@12345678901', segment: undefined, code: 'UNKNOWN_VERSION' },
  { target: 'cars', segment: '-1', code: 'UNKNOWN_VERSION' },
])('$target $segment -> $code', ({ target, segment, code }) => {
  expect(codeOf(() => parseReference(target, segment))).toBe(code)
})

test.for(['7', '2026', '', 'a b', '@'])('alias %j -> BAD_NAME', (alias) => {
  expect(codeOf(() => requireAlias(alias))).toBe('BAD_NAME')
})

test('any two version numbers -> their keys sort as the numbers do', () => {
  const number = fc.integer({ min: 1, max: 9_999_999_999 })
  fc.assert(fc.property(number, number, (a, b) => versionKey(a) < versionKey(b) === a < b))
})
