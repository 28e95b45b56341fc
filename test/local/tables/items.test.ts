import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTables } from './setup.ts'

let started: Awaited<ReturnType<typeof startTables>>
beforeAll(async () => {
  started = await startTables()
})
afterAll(() => started.close())

type Attributes = Record<string, AttributeValue>
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: '-' } })
const put = (item: Attributes) => started.client.send(new PutItemCommand({ TableName: 'things', Item: item }))
const get = async (pk: string, more: { ProjectionExpression?: string } = {}) =>
  (await started.client.send(new GetItemCommand({ TableName: 'things', Key: key(pk), ...more }))).Item
const update = (pk: string, input: Partial<UpdateItemCommandInput>) =>
  started.client.send(new UpdateItemCommand({ TableName: 'things', Key: key(pk), ...input }))

const developerGuide = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide'
const apiReference = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference'

describe('values', () => {
  test.for<[string, AttributeValue, AttributeValue]>([
    ['a string', { S: 'grüße 𝄞' }, { S: 'grüße 𝄞' }],
    ['an empty string', { S: '' }, { S: '' }],
    ['38 digits', { N: '12345678901234567890123456789012345678' }, { N: '12345678901234567890123456789012345678' }],
    ['a number with zeros', { N: '0012.3400' }, { N: '12.34' }],
    ['an exponent', { N: '1.5E-7' }, { N: '0.00000015' }],
    ['minus zero', { N: '-0' }, { N: '0' }],
    ['the largest number', { N: '9e125' }, { N: `9${'0'.repeat(125)}` }],
    ['binary', { B: Uint8Array.of(0, 255, 7) }, { B: Uint8Array.of(0, 255, 7) }],
    ['true and null', { L: [{ BOOL: true }, { NULL: true }] }, { L: [{ BOOL: true }, { NULL: true }] }],
    [
      'sets',
      { M: { s: { SS: ['b', 'a'] }, n: { NS: ['1.0', '2'] } } },
      { M: { s: { SS: ['b', 'a'] }, n: { NS: ['1', '2'] } } },
    ],
    ['__proto__', { M: JSON.parse('{"__proto__":{"S":"x"}}') }, { M: JSON.parse('{"__proto__":{"S":"x"}}') }],
  ])('%s -> comes back as it was, numbers in plain digits', async ([name, given, expected]) => {
    await put({ ...key(name), value: given })
    expect(await get(name)).toEqual({ ...key(name), value: expected })
  })

  test.for<[string, AttributeValue, string]>([
    ['39 digits', { N: '123456789012345678901234567890123456789' }, 'more than 38 significant digits'],
    ['1e126', { N: '1e126' }, 'Number overflow'],
    ['1e-131', { N: '1e-131' }, 'Number underflow'],
    ['no number', { N: 'seven' }, 'The parameter cannot be converted to a numeric value: seven'],
    ['an empty number', { N: '' }, 'The parameter cannot be converted to a numeric value'],
    ['an empty set', { SS: [] }, 'An string set  may not be empty'],
    ['duplicates', { SS: ['a', 'a'] }, 'Input collection [a, a] contains duplicates.'],
    ['equal numbers', { NS: ['1', '1.0'] }, 'contains duplicates'],
    ['NULL false', { NULL: false as true }, 'Null attribute value types must have the value of true'],
  ])(
    `%s -> ValidationException (${developerGuide}/HowItWorks.NamingRulesDataTypes.html)`,
    async ([, value, message]) => {
      await expect(put({ ...key('refused'), value })).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringContaining(message),
      })
    },
  )

  test('400 KB -> kept; one byte more -> refused', async () => {
    // Names: pk 2 + sk 2 + x 1; values: 'large' 5 + '-' 1.
    const room = 400 * 1024 - 11
    await put({ ...key('large'), x: { S: 'x'.repeat(room) } })
    await expect(put({ ...key('large'), x: { S: 'x'.repeat(room + 1) } })).rejects.toThrow(
      'Item size has exceeded the maximum allowed size',
    )
    await expect(
      update('large', { UpdateExpression: 'SET y = :y', ExpressionAttributeValues: { ':y': { S: 'y' } } }),
    ).rejects.toThrow('Item size to update has exceeded the maximum allowed size')
  })
})

describe(`update expressions (${developerGuide}/Expressions.UpdateExpressions.html)`, () => {
  const before = marshall({
    n: 5,
    big: 0,
    s: 'text',
    parts: ['a', 'b', 'c'],
    map: { inner: 1, deep: { x: [1, 2] } },
    tags: new Set(['red', 'green']),
  })
  before.big = { N: '9007199254740993' }

  test.for<[string, Attributes | undefined, Attributes]>([
    ['SET n = :v', { ':v': { N: '7' } }, { n: { N: '7' } }],
    ['SET n = n + :v', { ':v': { N: '2' } }, { n: { N: '7' } }],
    ['SET n = :v - n', { ':v': { N: '2' } }, { n: { N: '-3' } }],
    ['SET n = (n - :v)', { ':v': { N: '2.5' } }, { n: { N: '2.5' } }],
    ['ADD big :v', { ':v': { N: '1' } }, { big: { N: '9007199254740994' } }],
    ['ADD fresh :v', { ':v': { N: '4' } }, { fresh: { N: '4' } }],
    ['SET fresh = if_not_exists(fresh, :v) + :v', { ':v': { N: '1' } }, { fresh: { N: '2' } }],
    [
      'SET parts = list_append(:v, parts)',
      { ':v': { L: [{ S: 'z' }] } },
      { parts: { L: ['z', 'a', 'b', 'c'].map((S) => ({ S })) } },
    ],
    [
      'SET parts[9] = :v, parts[7] = :w',
      { ':v': { S: '9' }, ':w': { S: '7' } },
      { parts: { L: ['a', 'b', 'c', '7', '9'].map((S) => ({ S })) } },
    ],
    ['REMOVE parts[0], parts[2]', undefined, { parts: { L: [{ S: 'b' }] } }],
    ['SET parts[1] = :v REMOVE parts[0]', { ':v': { S: 'B' } }, { parts: { L: [{ S: 'B' }, { S: 'c' }] } }],
    ['SET #m.deep.x[1] = :v', { ':v': { N: '9' } }, { map: marshall({ m: { inner: 1, deep: { x: [1, 9] } } }).m! }],
    ['REMOVE #m.#i', undefined, { map: marshall({ m: { deep: { x: [1, 2] } } }).m! }],
    ['ADD tags :v', { ':v': { SS: ['blue', 'red'] } }, { tags: { SS: ['red', 'green', 'blue'] } }],
    ['DELETE tags :v', { ':v': { SS: ['red', 'none'] } }, { tags: { SS: ['green'] } }],
    ['SET n = s, s = n', undefined, { n: { S: 'text' }, s: { N: '5' } }],
    ['set n = :v remove s', { ':v': { N: '0' } }, { n: { N: '0' }, s: undefined as unknown as AttributeValue }],
    [
      'DELETE tags :v SET n = :n',
      { ':v': { SS: ['red', 'green'] }, ':n': { N: '1' } },
      { n: { N: '1' }, tags: undefined as unknown as AttributeValue },
    ],
  ])('%s -> the item after it', async ([expression, values, changes]) => {
    await put({ ...key('update'), ...before })
    const names = Object.entries({ '#m': 'map', '#i': 'inner' }).filter(([name]) => expression.includes(name))
    const { Attributes } = await update('update', {
      UpdateExpression: expression,
      ...(values && { ExpressionAttributeValues: values }),
      ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
      ReturnValues: 'ALL_NEW',
    })
    const expected = Object.entries({ ...key('update'), ...before, ...changes }).filter(([, value]) => value)
    expect(Attributes).toEqual(Object.fromEntries(expected))
    expect(await get('update')).toEqual(Attributes)
  })

  test('no item and no expression -> an item of its key alone', async () => {
    await update('bare', {})
    expect(await get('bare')).toEqual(key('bare'))
  })

  test.for<[string, Attributes | undefined, string]>([
    ['SET n = n + s', undefined, 'An operand in the update expression has an incorrect data type'],
    ['SET n = nothing', undefined, 'The provided expression refers to an attribute that does not exist in the item'],
    [
      'SET nothing.x = :v',
      { ':v': { N: '1' } },
      'The document path provided in the update expression is invalid for update',
    ],
    [
      'SET parts.x = :v',
      { ':v': { N: '1' } },
      'The document path provided in the update expression is invalid for update',
    ],
    [
      'SET n = :v, n = :v',
      { ':v': { N: '1' } },
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]',
    ],
    ['SET parts[0] = :v, parts.x = :v', { ':v': { N: '1' } }, 'Two document paths conflict with each other'],
    ['SET n = :v SET s = :v', { ':v': { N: '1' } }, 'The "SET" section can only be used once in an update expression;'],
    ['SET pk = :v', { ':v': { S: 'x' } }, 'Cannot update attribute pk. This attribute is part of the key'],
    ['SET n = :v +', { ':v': { N: '1' } }, 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "+"'],
    ['SET n = :v + :v + :v', { ':v': { N: '1' } }, 'Syntax error; token: "+"'],
    ['SET n = :v', undefined, 'An expression attribute value used in expression is not defined; attribute value: :v'],
    [
      'SET #x = n',
      undefined,
      'An expression attribute name used in the document path is not defined; attribute name: #x',
    ],
    [
      'SET status = n',
      undefined,
      'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status',
    ],
    ['SET n = sqrt(n)', undefined, 'Invalid function name; function: sqrt'],
    [
      'SET n = list_append(parts)',
      undefined,
      'Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 1',
    ],
    [
      'SET n = if_not_exists(:v, n)',
      { ':v': { N: '1' } },
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'ADD n :v',
      { ':v': { S: '1' } },
      'Incorrect operand type for operator or function; operator: ADD, operand type: STRING',
    ],
    ['ADD s :v', { ':v': { N: '1' } }, 'An operand in the update expression has an incorrect data type'],
    [
      'SET holder = :v',
      { ':v': { N: '1' } },
      'Type mismatch for Index Key holder Expected: S Actual: N IndexName: byHolder',
    ],
    [
      'SET holder = :v',
      { ':v': { S: '' } },
      'cannot contain an empty string value. IndexName: byHolder, IndexKey: holder',
    ],
    [
      'SET n = :v',
      { ':v': { N: '1' }, ':w': { N: '1' } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
    ],
    ['', undefined, 'Invalid UpdateExpression: The expression can not be empty;'],
    [
      `SET n = ${'a'.repeat(4090)}`,
      undefined,
      'Expression size has exceeded the maximum allowed size; expression size: 4098',
    ],
    [
      'SET holder.x = :v',
      { ':v': { N: '1' } },
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: holder",
    ],
  ])('%s -> refused, and the item is as it was', async ([expression, values, message]) => {
    await put({ ...key('update'), ...before })
    const sent = update('update', {
      UpdateExpression: expression,
      ...(values && { ExpressionAttributeValues: values }),
    })
    await expect(sent).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) })
    expect(await get('update')).toEqual({ ...key('update'), ...before })
  })

  test.for<[UpdateItemCommandInput['ReturnValues'], Attributes | undefined]>([
    ['NONE', undefined],
    ['ALL_OLD', { ...key('return'), a: { N: '1' }, b: { N: '2' }, m: { M: { x: { N: '3' }, y: { N: '4' } } } }],
    ['ALL_NEW', { ...key('return'), a: { N: '9' }, b: { N: '2' }, m: { M: { x: { N: '9' }, y: { N: '4' } } } }],
    ['UPDATED_OLD', { a: { N: '1' }, m: { M: { x: { N: '3' } } } }],
    ['UPDATED_NEW', { a: { N: '9' }, m: { M: { x: { N: '9' } } } }],
  ])(`ReturnValues %s -> its attributes (${apiReference}/API_UpdateItem.html)`, async ([wanted, expected]) => {
    await put({ ...key('return'), a: { N: '1' }, b: { N: '2' }, m: { M: { x: { N: '3' }, y: { N: '4' } } } })
    const { Attributes } = await update('return', {
      UpdateExpression: 'SET a = :v, m.x = :v',
      ExpressionAttributeValues: { ':v': { N: '9' } },
      ReturnValues: wanted,
    })
    expect(Attributes).toEqual(expected)
  })
})

test('projection -> parts at their places, list elements closed up', async () => {
  await put({ ...key('project'), ...marshall({ a: 1, list: [1, 2, 3], m: { x: 1, y: { z: 2 } } }) })
  expect(await get('project', { ProjectionExpression: 'a, list[2], list[0], m.y.z, nothing' }).catch(String)).toContain(
    'reserved keyword: list',
  )
  const { Item } = await started.client.send(
    new GetItemCommand({
      TableName: 'things',
      Key: key('project'),
      ProjectionExpression: 'a, #l[2], #l[0], m.y.z, nothing',
      ExpressionAttributeNames: { '#l': 'list' },
    }),
  )
  expect(Item).toEqual(marshall({ a: 1, list: [1, 3], m: { y: { z: 2 } } }))
})

test('put over an item, then delete -> ALL_OLD shows what was', async () => {
  await put({ ...key('old'), v: { N: '1' } })
  const over = await started.client.send(
    new PutItemCommand({ TableName: 'things', Item: { ...key('old'), v: { N: '2' } }, ReturnValues: 'ALL_OLD' }),
  )
  expect(over.Attributes?.v).toEqual({ N: '1' })
  const gone = await started.client.send(
    new DeleteItemCommand({ TableName: 'things', Key: key('old'), ReturnValues: 'ALL_OLD' }),
  )
  expect(gone.Attributes?.v).toEqual({ N: '2' })
  expect(await get('old')).toBeUndefined()
})

test(`consumed capacity -> ${developerGuide}/read-write-operations.html`, async () => {
  const item = { ...key('capacity'), holder: { S: 'o' }, note: { S: 'x'.repeat(5000) } }
  const written = await started.client.send(
    new PutItemCommand({ TableName: 'things', Item: item, ReturnConsumedCapacity: 'INDEXES' }),
  )
  // 5 KB to the table and to `included`; `keysOnly` 1 KB; `byHolder` needs a score.
  expect(written.ConsumedCapacity).toEqual({
    TableName: 'things',
    CapacityUnits: 11,
    Table: { CapacityUnits: 5 },
    GlobalSecondaryIndexes: { included: { CapacityUnits: 5 }, keysOnly: { CapacityUnits: 1 } },
  })
  const read = await started.client.send(
    new GetItemCommand({ TableName: 'things', Key: key('capacity'), ReturnConsumedCapacity: 'TOTAL' }),
  )
  expect(read.ConsumedCapacity).toEqual({ TableName: 'things', CapacityUnits: 1 })
})
