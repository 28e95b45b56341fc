import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Cell,
  type Codec,
  type ColumnCodec,
  encodeColumn,
  missingInt64,
  type Row,
  rowsToTensors,
} from '../../../src/dataset/codec.ts'

const missing = ['NA']
const columns = {
  numeric: { kind: 'numeric', name: 'x', missing, datatype: 'FP64', decimal: '.' },
  narrow: { kind: 'numeric', name: 'x', missing, datatype: 'FP32', decimal: '.' },
  comma: { kind: 'numeric', name: 'x', missing, datatype: 'FP64', decimal: ',' },
  whole: { kind: 'integer', name: 'x', missing, datatype: 'INT64', decimal: '.' },
  boolean: { kind: 'boolean', name: 'x', missing, datatype: 'FP32', true: ['true'], false: ['false'] },
  category: { kind: 'category', name: 'x', missing, datatype: 'BYTES', case: 'keep', numbers: 'keep' },
  level: { kind: 'category', name: 'x', missing, datatype: 'BYTES', case: 'lower', numbers: 'canonical' },
  date: { kind: 'date', name: 'x', missing, datatype: 'INT64', format: 'ISO', zone: 'UTC' },
  british: { kind: 'date', name: 'x', missing, datatype: 'INT64', format: 'DD/MM/YYYY', zone: 'UTC' },
} as const satisfies Record<string, ColumnCodec>

test.for<[keyof typeof columns, Cell, number | bigint | string]>([
  ['numeric', ' 1.50 ', 1.5],
  ['numeric', 'NA', Number.NaN],
  ['numeric', '', Number.NaN],
  ['numeric', null, Number.NaN],
  ['numeric', undefined, Number.NaN],
  ['numeric', '-0', 0],
  ['numeric', -0, 0],
  ['numeric', '1e3', 1000],
  ['narrow', 0.1, Math.fround(0.1)],
  ['comma', '1,5', 1.5],
  ['comma', 1.5, 1.5],
  ['whole', '9007199254740993', 9007199254740993n],
  ['whole', '12.0', 12n],
  ['whole', null, missingInt64],
  ['boolean', true, 1],
  ['boolean', 'FALSE', 0],
  ['category', 'e\u0301', '\u00e9'],
  ['category', 7, '7'],
  ['category', '007', '007'],
  ['category', null, ''],
  ['level', '2007.0', '2007'],
  ['level', 2007, '2007'],
  ['level', 'Rīga', 'rīga'],
  ['date', '1970-01-02', 86400n],
  ['date', '1970-01-02T01:00+01:00', 86400n],
  ['date', '1969-12-31 23:59:59Z', -1n],
  ['date', '2024-02-29', 1709164800n],
  ['british', '29/2/2024', 1709164800n],
  ['date', null, missingInt64],
])('%s cell %j -> %s', ([column, cell, element]) => {
  expect(encodeColumn(columns[column], [cell])[0]).toBe(element)
})

test.for<[keyof typeof columns, Cell, string]>([
  ['numeric', '1,5', 'expected a number, got "1,5"'],
  ['numeric', '1e400', 'expected a number, got "1e400"'],
  ['numeric', true, 'expected a number, got true'],
  ['numeric', '0x10', 'expected a number, got "0x10"'],
  ['narrow', 1e39, 'expected a finite number below 3.4e38, got 1e+39'],
  ['whole', 1.5, 'expected a whole number between -2^63 and 2^63, got 1.5'],
  ['whole', '9223372036854775808', 'expected a whole number between -2^63 and 2^63, got "9223372036854775808"'],
  ['boolean', 'maybe', 'expected one of true, false, got "maybe"'],
  ['category', 'a\0b', 'expected text without NUL'],
  ['date', '2024-02-31', 'expected a date as YYYY-MM-DD, with a time if need be, got "2024-02-31"'],
  ['date', '2023-02-29', 'got "2023-02-29"'],
  ['date', 20240229, 'got 20240229'],
  ['british', '13/13/2024', 'expected a date as DD/MM/YYYY, got "13/13/2024"'],
  ['category', { a: 1 } as unknown as Cell, 'expected a text, number, boolean or null, got an object'], // what JSON can hold
])('%s cell %j -> BAD_CELL: %s', ([column, cell, message]) => {
  expect(() => encodeColumn(columns[column], [null, cell])).toThrow(
    expect.objectContaining({ code: 'BAD_CELL', message: expect.stringContaining(`row 1, column x: `) }),
  )
  expect(() => encodeColumn(columns[column], [null, cell])).toThrow(message)
})

test('any finite number -> the same bits from JSON and from its text', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = encodeColumn(columns.numeric, [JSON.stringify(value)])
      const number = encodeColumn(columns.numeric, [JSON.parse(JSON.stringify(value))])
      expect(text).toStrictEqual(number)
      expect(text[0]).toBe(value + 0)
    }),
  )
})

test('any day and second -> Date agrees', () => {
  const range = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }
  fc.assert(
    fc.property(fc.date(range), (date) => {
      expect(encodeColumn(columns.date, [date.toISOString()])[0]).toBe(BigInt(Math.floor(date.getTime() / 1000)))
    }),
  )
})

test('any year, month and day -> a date exactly when Date keeps them', () => {
  const part = (max: number) => fc.integer({ min: 0, max })
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 9999 }), part(14), part(33), (year, month, day) => {
      const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
      const date = new Date(Date.UTC(year, month - 1, day))
      const valid = month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
      const read = (): unknown => encodeColumn(columns.date, [text])[0]
      if (valid) expect(read()).toBe(BigInt(date.getTime() / 1000))
      else expect(read).toThrow(/expected a date/)
    }),
  )
})

const codec: Codec = {
  codecVersion: 1,
  columns: [
    { ...columns.numeric, name: 'a' },
    { ...columns.category, name: 'b' },
  ],
}

test('objects and arrays -> one tensor [n, 1] per column; an absent column is missing', () => {
  expect(rowsToTensors(codec, [{ b: 'x', a: 1 }, [2, 'y'], { a: 3 }, { b: 'z' }], { unknown: 'refuse' })).toStrictEqual(
    [
      { name: 'a', datatype: 'FP64', shape: [4, 1], data: Float64Array.of(1, 2, 3, Number.NaN) },
      { name: 'b', datatype: 'BYTES', shape: [4, 1], data: ['x', 'y', '', 'z'] },
    ],
  )
})

test('a column of Object.prototype -> missing, not inherited', () => {
  const odd: Codec = { codecVersion: 1, columns: [...codec.columns, { ...columns.category, name: 'constructor' }] }
  expect(rowsToTensors(odd, [{ a: 1 }], { unknown: 'refuse' })[2]!.data).toEqual([''])
})

test.for([
  ['rows', [{ rooms: 3 }, { rooms: 4 }], /^rows: .* columns a, b in one of them, got rooms; write null/],
  ['empty rows', [{}, {}], /^rows: .* columns a, b in one of them, got none; /],
] as const)(
  '%s without a column of the model -> MISSING_INPUT, though unknown ones are ignored',
  ([, rows, message]) => {
    expect(() => rowsToTensors(codec, rows, { unknown: 'ignore' })).toThrow(
      expect.objectContaining({ code: 'MISSING_INPUT', message: expect.stringMatching(message) }),
    )
  },
)

// Clients that leave out what is null send such rows among others.
test('a row without a column of the model among others -> missing values', () => {
  for (const rows of [
    [{ a: 1 }, {}],
    [{}, { a: 1 }],
    [{ rooms: 3 }, [1, 'x']],
  ])
    expect(rowsToTensors(codec, rows, { unknown: 'ignore' })[0]!.data).toContain(1)
})

test('unknown columns -> UNKNOWN_COLUMN with their names, or ignored', () => {
  const row = { a: 1, speed: 2, __proto__: null, colour: 'red' }
  expect(() => rowsToTensors(codec, [row], { unknown: 'refuse' })).toThrow(
    'row 0: expected a, b, got speed, colour as well',
  )
  expect(rowsToTensors(codec, [row], { unknown: 'ignore' })[0]!.data).toEqual(Float64Array.of(1))
})

test('an array of another length -> BAD_REQUEST', () => {
  expect(() => rowsToTensors(codec, [[1]], { unknown: 'refuse' })).toThrow(
    'row 0: expected 2 cells in the order a, b, got 1',
  )
})

test('rows of other key orders, with keys missing, as arrays -> each cell in its own column', () => {
  const codec: Codec = {
    codecVersion: 1,
    columns: [
      { ...columns.numeric, name: 'a' },
      { ...columns.category, name: 'constructor' },
      { ...columns.whole, name: '7' },
    ],
  }
  const rows: readonly Row[] = [
    { a: 1, constructor: 'x', 7: 2 },
    { constructor: 'y', a: 3 },
    [4, null, 5],
    { constructor: null },
    { a: 6, constructor: 'z' },
  ]
  const ignored = [{ b: 1, a: 2 }, { a: 3, b: { c: 4 } } as never] // what JSON can hold
  const tensors = rowsToTensors(codec, rows, { unknown: 'refuse' })
  expect(tensors.map(({ data }) => [...(data as Iterable<unknown>)])).toEqual([
    [1, 3, 4, Number.NaN, 6],
    ['x', 'y', '', '', 'z'],
    [2n, missingInt64, 5n, missingInt64, missingInt64],
  ])
  expect([...(rowsToTensors(codec, ignored, { unknown: 'ignore' })[0]!.data as Float64Array)]).toEqual([2, 3])
  expect(() => rowsToTensors(codec, [{ a: 1 }, ...ignored], { unknown: 'refuse' })).toThrow(
    'row 1: expected a, constructor, 7, got b as well',
  )
})
