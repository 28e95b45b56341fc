import { expect, test } from 'vitest'
import { compilePattern } from '../../../local/bus/pattern.ts'

const event = {
  source: 'shop',
  detail: {
    name: 'image.PNG',
    path: 'dir/a*b.txt',
    count: 5,
    state: 'initializing',
    none: null,
    tags: ['a', 'b'],
    empty: '',
    inner: { deep: true },
    list: [{ n: 1 }, { n: 2 }],
  },
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
test.for([
  ['exact', { source: ['shop'] }, true],
  ['exact, one of several', { source: ['x', 'shop'] }, true],
  ['exact, another', { source: ['Shop'] }, false],
  ['exact, null', { detail: { none: [null] } }, true],
  ['exact, empty text', { detail: { empty: [''] } }, true],
  ['exact, a number as text', { detail: { count: ['5'] } }, false],
  ['an array in the event, any element', { detail: { tags: ['b'] } }, true],
  ['an array in the event, no element', { detail: { tags: ['c'] } }, false],
  ['nested', { detail: { inner: { deep: [true] } } }, true],
  ['nested in an array', { detail: { list: { n: [2] } } }, true],
  ['two fields, one false', { source: ['shop'], detail: { count: [6] } }, false],
  ['prefix', { detail: { state: [{ prefix: 'init' }] } }, true],
  ['prefix, ignoring case', { detail: { name: [{ prefix: { 'equals-ignore-case': 'IMAGE' } }] } }, true],
  ['suffix', { detail: { name: [{ suffix: '.png' }] } }, false],
  ['suffix, ignoring case', { detail: { name: [{ suffix: { 'equals-ignore-case': '.png' } }] } }, true],
  ['equals-ignore-case', { detail: { name: [{ 'equals-ignore-case': 'IMAGE.png' }] } }, true],
  ['wildcard', { detail: { path: [{ wildcard: 'dir/*.txt' }] } }, true],
  ['wildcard, a literal asterisk', { detail: { path: [{ wildcard: 'dir/a\\*b.*' }] } }, true],
  ['wildcard, a dot is a dot', { detail: { path: [{ wildcard: 'dir/a*b?txt' }] } }, false],
  ['numeric, a range', { detail: { count: [{ numeric: ['>', 0, '<=', 5] }] } }, true],
  ['numeric, outside', { detail: { count: [{ numeric: ['<', 5] }] } }, false],
  ['anything-but, one', { detail: { state: [{ 'anything-but': 'initializing' }] } }, false],
  ['anything-but, a list', { detail: { count: [{ 'anything-but': [1, 2] }] } }, true],
  ['anything-but, an absent field', { detail: { missing: [{ 'anything-but': 'x' }] } }, false],
  ['anything-but prefix', { detail: { state: [{ 'anything-but': { prefix: 'init' } }] } }, false],
  ['anything-but suffix list', { detail: { name: [{ 'anything-but': { suffix: ['.jpg', '.gif'] } }] } }, true],
  ['exists', { detail: { count: [{ exists: true }] } }, true],
  ['exists, absent', { detail: { missing: [{ exists: false }] } }, true],
  ['exists, absent wanted and present', { detail: { count: [{ exists: false }] } }, false],
  ['exists false or a value', { detail: { missing: ['x', { exists: false }] } }, true],
  ['$or, one holds', { detail: { $or: [{ count: [9] }, { state: [{ prefix: 'i' }] }] } }, true],
  ['$or, none holds', { detail: { $or: [{ count: [9] }, { state: ['x'] }] } }, false],
] as const)('%s -> matches %o: %s', ([, pattern, matches]) => {
  expect(compilePattern(pattern)(event)).toBe(matches)
})

test.for([
  ['cidr', { source: [{ cidr: '10.0.0.0/8' }] }, 'operator cidr is not supported'],
  ['a value without a list', { source: 'shop' }, 'expected an object'],
  ['an empty list', { source: [] }, 'expected values'],
  ['numeric with an unknown comparison', { source: [{ numeric: ['!=', 1] }] }, 'operator numeric does not take'],
  ['two operators in one', { source: [{ prefix: 'a', suffix: 'b' }] }, 'expected one operator'],
  ['$or of one', { $or: [{ a: [1] }] }, 'two or more'],
  ['an empty pattern', {}, 'at least one field'],
] as const)('%s -> refused by name', ([, pattern, message]) => {
  expect(() => compilePattern(pattern)).toThrow(message)
})
