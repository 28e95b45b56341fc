import { expect, test } from 'vitest'
import { itemSizeBytes } from '../../../local/tables/item-size.ts'
import type { AttributeValue } from '../../../local/tables/value.ts'

// The rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
test.for<[string, AttributeValue, number]>([
  ['a string: UTF-8 bytes', { S: 'grüße' }, 7],
  ['binary: bytes', { B: 'AAEC' }, 3],
  ['a number: a byte for two digits, and one', { N: '1234' }, 3],
  ['zeros at the ends of a number: nothing', { N: '1000' }, 2],
  ['zeros of a fraction: nothing', { N: '0.0012' }, 2],
  ['zero: one', { N: '0' }, 1],
  ['a sign: one more', { N: '-27' }, 3],
  ['true: one', { BOOL: true }, 1],
  ['null: one', { NULL: true }, 1],
  ['a set: its elements', { SS: ['ab', 'c'] }, 3],
  ['an empty list: 3', { L: [] }, 3],
  ['a list: one more an element', { L: [{ S: 'ab' }, { BOOL: true }] }, 3 + 3 + 2],
  ['a map: names, values, one more a member', { M: { key: { S: 'ab' }, k: { NULL: true } } }, 3 + 5 + 2 + 2],
])('%s', ([, value, sizeBytes]) => {
  expect(itemSizeBytes({ é: value })).toBe(2 + sizeBytes)
})
