import { expect, test } from 'vitest'
import { z } from 'zod'
import { checkBody } from '../../src/body.ts'

const schema = z.strictObject({
  name: z.string().min(3).max(5).optional(),
  amount: z.number().positive().max(10).optional(),
  rows: z.int().optional(),
  unit: z.enum(['call', 'row']).optional(),
  grants: z.array(z.string()).min(1).optional(),
  code: z.stringFormat('regex', /^[a-z]+$/).optional(),
  own: z.string('expected a decimal such as "1.25"').optional(),
  plan: z
    .discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b'), n: z.number() })])
    .optional(),
  either: z.union([z.literal('none'), z.object({ share: z.number() })]).optional(),
})

test.for<[object | string, string]>([
  ['text', 'body: expected an object, got "text"'],
  [{ name: 5 }, 'body.name: expected a string, got 5'],
  [{ name: 'ab' }, 'body.name: expected at least 3 characters, got "ab"'],
  [{ name: 'abcdef' }, 'body.name: expected at most 5 characters, got "abcdef"'],
  [{ amount: 0 }, 'body.amount: expected more than 0, got 0'],
  [{ amount: 11 }, 'body.amount: expected at most 10, got 11'],
  [{ rows: 1.5 }, 'body.rows: expected a whole number, got 1.5'],
  [{ unit: 'token' }, 'body.unit: expected one of call, row, got "token"'],
  [{ grants: [] }, 'body.grants: expected at least 1 items, got an array of 0'],
  [{ grants: [{}] }, 'body.grants.0: expected a string, got an object'],
  [{ own: 1 }, 'body.own: expected a decimal such as "1.25"'],
  [{ plan: { kind: 'c' } }, 'body.plan.kind: expected kind as one of a, b'],
  [{ plan: { kind: 'b' } }, 'body.plan.n: expected a number, got none'],
  [{ either: { share: 'x' } }, 'body.either: share: expected a number, got "x"'],
  [{ nmae: 1 }, 'body: unknown member nmae; expected name, amount, rows, unit, grants, code, own, plan, either'],
])('%j -> %s', ([body, sentence]) => {
  expect(() => checkBody(schema, body)).toThrow(sentence)
})
