import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meets } from '../../../local/tables/condition.ts'
import { parseCondition } from '../../../local/tables/condition-parser.ts'
import { cursorOf } from '../../../local/tables/cursor.ts'
import { placeholdersOf } from '../../../local/tables/placeholders.ts'
import { updated } from '../../../local/tables/update.ts'
import { parseUpdate } from '../../../local/tables/update-parser.ts'
import type { AttributeValue, Item } from '../../../local/tables/value.ts'

// Conditions: the model is JavaScript on small integers, where an attribute that is absent is undefined.
type Model = { readonly text: string; readonly expected: (n: Readonly<Record<string, number | undefined>>) => boolean }
const names = ['a1', 'b1', 'c1'] as const
const values = { ':0': { N: '0' }, ':1': { N: '1' }, ':2': { N: '2' } }
const name = fc.constantFrom(...names)
const value = fc.nat(2)
const known = (test: (a: number, b: number) => boolean) => (a: number | undefined, b: number) =>
  a !== undefined && test(a, b)
const comparators: Readonly<Record<string, (a: number | undefined, b: number) => boolean>> = {
  '=': known((a, b) => a === b),
  '<>': (a, b) => a !== b,
  '<': known((a, b) => a < b),
  '<=': known((a, b) => a <= b),
  '>': known((a, b) => a > b),
  '>=': known((a, b) => a >= b),
}
const leaf: fc.Arbitrary<Model> = fc.oneof(
  fc.tuple(name, fc.constantFrom(...Object.keys(comparators)), value).map(([left, comparator, right]) => ({
    text: `${left} ${comparator} :${right}`,
    expected: (n: Readonly<Record<string, number | undefined>>) => comparators[comparator]!(n[left], right),
  })),
  fc.tuple(name, fc.nat(1)).map(([left, low]) => ({
    text: `${left} BETWEEN :${low} AND :2`,
    expected: (n: Readonly<Record<string, number | undefined>>) => (n[left] ?? -1) >= low,
  })),
  name.map((left) => ({
    text: `attribute_exists(${left})`,
    expected: (n: Readonly<Record<string, number | undefined>>) => n[left] !== undefined,
  })),
)
const { condition } = fc.letrec<{ condition: Model }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    leaf,
    // Brackets around an operand only where it is not a leaf or a bracket itself would be a redundant pair.
    fc.tuple(tie('condition'), fc.constantFrom('AND', 'or'), tie('condition')).map(([left, word, right]) => ({
      text: `${bracketed(left)} ${word} ${bracketed(right)}`,
      expected: (n: Readonly<Record<string, number | undefined>>) =>
        word === 'AND' ? left.expected(n) && right.expected(n) : left.expected(n) || right.expected(n),
    })),
    tie('condition').map((inner) => ({
      text: `NOT ${bracketed(inner)}`,
      expected: (n: Readonly<Record<string, number | undefined>>) => !inner.expected(n),
    })),
  ),
}))
const bracketed = ({ text }: Model): string => `(${text})`

test('any tree of conditions over three attributes -> what JavaScript makes of it', () => {
  const attribute = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined })
  fc.assert(
    fc.property(condition, fc.tuple(attribute, attribute, attribute), ({ text, expected }, numbers) => {
      const model = Object.fromEntries(names.map((each, at) => [each, numbers[at]]))
      const present = Object.entries(model).filter(([, n]) => n !== undefined)
      const item: Item = Object.fromEntries(present.map(([each, n]) => [each, { N: String(n) }]))
      const placeholders = placeholdersOf({ ExpressionAttributeValues: values }, { FilterExpression: text })
      const parsed = parseCondition(cursorOf('FilterExpression', text, placeholders))
      expect(meets(parsed, item)).toBe(expected(model))
    }),
    { numRuns: 3000 },
  )
})

// Updates of one list: the model edits an array by the positions that it had before.
type Edit = { readonly kind: 'set' | 'remove'; readonly position: number }
const edits = fc.uniqueArray(
  fc.record<Edit>({ kind: fc.constantFrom('set' as const, 'remove' as const), position: fc.nat(12) }),
  { selector: ({ position }) => position, minLength: 1, maxLength: 8 },
)

test('any SET and REMOVE of positions of a list -> as if each saw the list as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 8 }), edits, (strings, list) => {
      const at = (kind: Edit['kind']) => list.filter((edit) => edit.kind === kind).map(({ position }) => position)
      const sections = [
        at('set').length > 0 &&
          `SET ${at('set')
            .map((position) => `x1[${position}] = :v`)
            .join(', ')}`,
        at('remove').length > 0 &&
          `REMOVE ${at('remove')
            .map((position) => `x1[${position}]`)
            .join(', ')}`,
      ]
      const text = sections.filter(Boolean).join(' ')
      const given = at('set').length > 0 ? { ExpressionAttributeValues: { ':v': { S: 'new' } } } : {}
      const placeholders = placeholdersOf(given, { UpdateExpression: text })
      const item = { x1: { L: strings.map((S): AttributeValue => ({ S })) } }
      const kept = strings.flatMap((each, position) => {
        if (at('remove').includes(position)) return []
        return at('set').includes(position) ? ['new'] : [each]
      })
      const appended = at('set')
        .filter((position) => position >= strings.length)
        .map(() => 'new')
      const after = updated(item, parseUpdate(cursorOf('UpdateExpression', text, placeholders)))
      expect(after.x1).toEqual({ L: [...kept, ...appended].map((S) => ({ S })) })
      expect(item.x1.L).toHaveLength(strings.length)
    }),
    { numRuns: 1000 },
  )
})
