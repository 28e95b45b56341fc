import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTables } from './setup.ts'

let started: Awaited<ReturnType<typeof startTables>>
beforeAll(async () => {
  started = await startTables()
  await started.client.send(new PutItemCommand({ TableName: 'things', Item: item }))
})
afterAll(() => started.close())

type Attributes = Record<string, AttributeValue>
const key = { pk: { S: 'a' }, sk: { S: '-' } }
const item: Attributes = {
  ...key,
  n: { N: '10' },
  s: { S: 'hello' },
  b: { B: Uint8Array.of(1, 2, 3) },
  yes: { BOOL: true },
  nil: { NULL: true },
  ss: { SS: ['x', 'y'] },
  ns: { NS: ['1', '2.50'] },
  parts: { L: [{ N: '1' }, { M: { deep: { S: 'x' } } }] },
  m: { M: { x: { N: '1' } } },
}
const names = { '#n': 'n', '#proto': '__proto__', '#c': 'constructor' }

/** Whether the condition holds, asked by a write that would change nothing else. */
const holds = async (condition: string, values: Attributes | undefined): Promise<boolean | string> => {
  const used = Object.entries(names).filter(([name]) => condition.includes(name))
  try {
    await started.client.send(
      new UpdateItemCommand({
        TableName: 'things',
        Key: key,
        ConditionExpression: condition,
        ...(values && { ExpressionAttributeValues: values }),
        ...(used.length > 0 && { ExpressionAttributeNames: Object.fromEntries(used) }),
      }),
    )
    return true
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return error.name === 'ConditionalCheckFailedException' ? false : error.message
  }
}

const page = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html'

describe(`conditions (${page})`, () => {
  test.for<[string, Attributes | undefined, boolean]>([
    ['n = :v', { ':v': { N: '10.0' } }, true],
    ['n <> :v', { ':v': { N: '1E1' } }, false],
    ['n < :v', { ':v': { N: '9' } }, false],
    ['n <= :v', { ':v': { N: '10' } }, true],
    ['n > :v', { ':v': { N: '9.99999999999999999999999999999999999' } }, true],
    [':v < n', { ':v': { N: '-20' } }, true],
    ['s < :v', { ':v': { S: 'hellp' } }, true],
    ['s > :v', { ':v': { N: '1' } }, false],
    ['b >= :v', { ':v': { B: Uint8Array.of(1, 2) } }, true],
    ['absent = :v', { ':v': { N: '1' } }, false],
    ['absent <> :v', { ':v': { N: '1' } }, true],
    ['NOT absent = :v', { ':v': { N: '1' } }, true],
    ['ss = :v', { ':v': { SS: ['y', 'x'] } }, true],
    ['ns = :v', { ':v': { NS: ['2.5', '1.0'] } }, true],
    ['m = :v', { ':v': { M: { x: { N: '1' } } } }, true],
    ['parts[1].deep = :v', { ':v': { S: 'x' } }, true],
    ['parts[2] = :v', { ':v': { S: 'x' } }, false],
    ['n BETWEEN :v AND :w', { ':v': { N: '10' }, ':w': { N: '11' } }, true],
    ['n IN (:v, :w)', { ':v': { S: '10' }, ':w': { N: '10' } }, true],
    ['n IN (:v)', { ':v': { N: '11' } }, false],
    ['attribute_exists(m.x)', undefined, true],
    ['attribute_not_exists(m.y)', undefined, true],
    ['attribute_exists(nil)', undefined, true],
    ['attribute_exists(#proto) OR attribute_exists(#c)', undefined, false],
    ['attribute_type(nil, :v)', { ':v': { S: 'NULL' } }, true],
    ['begins_with(s, :v)', { ':v': { S: 'hel' } }, true],
    ['begins_with(b, :v)', { ':v': { B: Uint8Array.of(1, 2) } }, true],
    ['begins_with(n, :v)', { ':v': { S: '1' } }, false],
    ['contains(s, :v)', { ':v': { S: 'ell' } }, true],
    ['contains(ss, :v)', { ':v': { S: 'x' } }, true],
    ['contains(ns, :v)', { ':v': { N: '2.5' } }, true],
    ['contains(parts, :v)', { ':v': { N: '1' } }, true],
    ['contains(b, :v)', { ':v': { B: Uint8Array.of(2, 3) } }, true],
    ['size(s) = :v', { ':v': { N: '5' } }, true],
    ['size(b) > size(parts)', undefined, true],
    ['size(n) = :v', { ':v': { N: '2' } }, false],
    ['n = :v OR n = :w AND s = :w', { ':v': { N: '10' }, ':w': { N: '0' } }, true],
    ['(n = :v OR n = :w) AND s = :w', { ':v': { N: '10' }, ':w': { N: '0' } }, false],
    ['NOT (n = :v) AND yes = :y', { ':v': { N: '1' }, ':y': { BOOL: true } }, true],
    ['NOT NOT n = :v', { ':v': { N: '10' } }, true],
    ['(n) = (:v) and not (#n < :v)', { ':v': { N: '10' } }, true],
  ])('%s -> %s', async ([condition, values, expected]) => {
    expect(await holds(condition, values)).toBe(expected)
  })

  test.for<[string, Attributes | undefined, string]>([
    ['', undefined, 'Invalid ConditionExpression: The expression can not be empty;'],
    ['n = ', undefined, 'Syntax error; token: "<EOF>", near: "="'],
    ['n == :v', { ':v': { N: '1' } }, 'Syntax error; token: "=", near: "== :v"'],
    ['n', undefined, 'Syntax error; token: "<EOF>"'],
    ['n = :v n = :v', { ':v': { N: '1' } }, 'Syntax error; token: "n", near: ":v n ="'],
    ['n = ?', undefined, 'Syntax error; token: "?"'],
    ['((n = :v))', { ':v': { N: '1' } }, 'The expression has redundant parentheses;'],
    ['size = :v', { ':v': { N: '1' } }, 'Attribute name is a reserved keyword; reserved keyword: size'],
    ['size(n)', undefined, 'The function is not allowed to be used this way in an expression; function: size'],
    [
      'attribute_exists(n) = :v',
      { ':v': { BOOL: true } },
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    [
      'contains(attribute_exists(n), :v)',
      { ':v': { BOOL: true } },
      'The function is not allowed to be used this way in an expression; function: attribute_exists',
    ],
    ['exists(n)', undefined, 'Invalid function name; function: exists'],
    [
      'attribute_exists(n, s)',
      undefined,
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2',
    ],
    [
      'attribute_exists(:v)',
      { ':v': { S: 'n' } },
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      'attribute_type(n, :v)',
      { ':v': { S: 'X' } },
      'Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    ],
    [
      'begins_with(s, :v)',
      { ':v': { N: '1' } },
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    [
      'n < :v',
      { ':v': { BOOL: true } },
      'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL',
    ],
    [
      'n = n',
      undefined,
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]',
    ],
    [
      'n BETWEEN :v AND :w',
      { ':v': { N: '2' }, ':w': { N: '1' } },
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
    ],
    [
      'n BETWEEN :v AND :w',
      { ':v': { N: '2' }, ':w': { S: '3' } },
      'The BETWEEN operator requires same data type for lower and upper bounds',
    ],
    [
      `n IN (${Array(101).fill(':v').join()})`,
      { ':v': { N: '1' } },
      'The IN operator is provided with too many operands; number of operands: 101',
    ],
    [
      'pk.x = :v',
      { ':v': { N: '1' } },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
    ],
    [
      'attribute_exists(n)',
      { ':v': { N: '1' } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
    ],
    [
      'n = :v',
      { ':v': { N: 'x' } },
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :v',
    ],
    [
      'n = :v',
      { ':v': { N: '1' }, ':-': { N: '1' } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: ":-"',
    ],
  ])('%s -> refused', async ([condition, values, message]) => {
    expect(await holds(condition, values)).toContain(message)
  })
})

test('a failed condition -> the item as it is, and shown where asked for', async () => {
  const failed = started.client.send(
    new DeleteItemCommand({
      TableName: 'things',
      Key: key,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  )
  await expect(failed).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
    Item: { ...item, ns: { NS: ['1', '2.5'] } },
  })
  const { Item } = await started.client.send(new GetItemCommand({ TableName: 'things', Key: key }))
  expect(Item?.n).toEqual({ N: '10' })
})

test('40 conditional puts of one key at once -> exactly one winner', async () => {
  const puts = Array.from({ length: 40 }, (_, at) =>
    started.client.send(
      new PutItemCommand({
        TableName: 'things',
        Item: { pk: { S: 'race' }, sk: { S: '-' }, winner: { N: String(at) } },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  )
  const outcomes = await Promise.allSettled(puts)
  const winners = outcomes.flatMap(({ status }, at) => (status === 'fulfilled' ? [String(at)] : []))
  const { Item } = await started.client.send(
    new GetItemCommand({ TableName: 'things', Key: { pk: { S: 'race' }, sk: { S: '-' } } }),
  )
  expect(winners).toEqual([Item?.winner?.N])
})
