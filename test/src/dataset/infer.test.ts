import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeColumn } from '../../../src/dataset/codec.ts'
import { asLevels, type Column } from '../../../src/dataset/column.ts'
import { decideCodec, profileTable } from '../../../src/dataset/profile.ts'

const one = (cells: Column) => ({ names: ['c'], columns: [cells] })

const day = Date.UTC(2024, 2, 5) / 1000
test.for<[string, readonly string[], string, number]>([
  ['ISO', ['2024-03-05', '2024-03-06'], 'ISO', day],
  ['ISO with zones', ['2024-03-05T01:00:00+01:00', '2024-03-06'], 'ISO', day],
  ['ISO without marks', ['20240305T000000Z', '20240306T000000Z'], 'YYYYMMDDTHHmmssZ', day],
  ['slashes, year first', ['2024/03/05', '2024/03/06'], 'YYYY/MM/DD', day],
  ['day first by a value above 12', ['5/3/2024', '16/3/2024'], 'DD/MM/YYYY', day],
  ['month first by a value above 12', ['3/5/2024', '3/16/2024'], 'MM/DD/YYYY', day],
  ['two digits of the year', ['03/05/24', '03/16/24'], 'MM/DD/YY', day],
  ['dots', ['05.03.2024', '16.03.2024'], 'DD.MM.YYYY', day],
  ['a month by its name', ['5 March 2024', '6 May 2024'], 'DD MMM YYYY', day],
  ['a short month in capitals', ['05-MAR-2024', '06-APR-2024'], 'DD-MMM-YYYY', day],
  ['American, written out', ['Mar 5, 2024', 'Sept. 6, 2024'], 'MMM DD, YYYY', day],
  ['noon and midnight', ['03/05/2024 12:00 AM', '03/16/2024 12:30 PM'], 'MM/DD/YYYY hh:mm A', day],
])('dates as %s -> the format, and midnight of 5 March 2024', ([, cells, format, seconds]) => {
  const [profile] = profileTable(one(cells)).columns
  expect(profile?.codec).toMatchObject({ kind: 'date', format })
  expect(encodeColumn(profile!.codec!, [cells[0]])[0]).toBe(BigInt(seconds))
})

test('any day in any format that is inferred -> its own epoch seconds', () => {
  const formats: readonly ((d: Date) => string)[] = [
    (d) => d.toISOString().slice(0, 10),
    (d) => d.toISOString(),
    (d) => `${d.getUTCDate()}.${d.getUTCMonth() + 1}.${d.getUTCFullYear()}`,
    (d) => d.toUTCString().slice(5, 16),
  ]
  const date = fc.date({
    min: new Date('1000-01-01T00:00:00Z'),
    max: new Date('9999-01-01T00:00:00Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(fc.array(date, { minLength: 1 }), fc.constantFrom(...formats), (dates, spell) => {
      // Day 31 settles the order of day and month.
      const all = [
        ...dates.map((one) => new Date(Math.floor(one.getTime() / 86_400_000) * 86_400_000)),
        new Date(Date.UTC(2000, 0, 31)),
      ]
      const cells = all.map(spell)
      const [profile] = profileTable(one(cells)).columns
      expect(encodeColumn(profile!.codec!, cells)).toEqual(BigInt64Array.from(all, (d) => BigInt(d.getTime() / 1000)))
    }),
  )
})

const cell = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('\0')),
  fc.constantFrom('', 'NA', 'true', '2024-01-31', '007', '?'),
)

test('any cells -> a codec that reads each of them, as cells, by levels or by number alike; or one BAD_TABLE', () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 40 }), (cells) => {
      let codec: Parameters<typeof encodeColumn>[0] | undefined
      try {
        codec = profileTable(one(cells)).columns[0]?.codec
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'BAD_TABLE', message: expect.stringContaining('column c') })
        return
      }
      if (codec) expect(encodeColumn(codec, asLevels(cells))).toEqual(encodeColumn(codec, cells))
    }),
  )
})

test('any plain numbers as text and as values -> the same profile', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.double({ noNaN: true, min: -1e12, max: 1e12 })), { minLength: 1 }), (numbers) => {
      const values = Float64Array.from(numbers, (value) => (value === null ? Number.NaN : value + 0))
      const cells = Array.from(values, (value) => (Number.isNaN(value) ? '' : String(value)))
      expect(profileTable(one({ kind: 'numbers', values }))).toEqual(profileTable(one(cells)))
    }),
  )
})

test.for<[string, readonly string[], string]>([
  ['sizes', ['S', 'm', 'XL', 's'], 'ordinal lower'],
  ['grades of agreement', ['Agree', 'Neutral', 'Strongly agree'], 'ordinal lower'],
  ['two words of a scale', ['low', 'high', 'low'], 'category keep'],
  ['a word beyond the scale', ['low', 'medium', 'high', 'odd'], 'category keep'],
])('%s -> %s', ([, cells, expected]) => {
  const [profile] = profileTable(one(cells)).columns
  expect(`${profile?.kind} ${profile?.codec && 'case' in profile.codec ? profile.codec.case : ''}`).toBe(expected)
  // A target keeps its labels as they are written.
  expect(profileTable(one(cells), {}, { target: 'c' }).columns[0]?.kind).toBe('category')
})

test.for<[string, (i: number) => string, string]>([
  ['sentences', (i) => `delivery number ${i} came late and the box was open`, 'text'],
  ['sentences that repeat', (i) => `delivery number ${i % 3} came late and the box was open`, 'category'],
  ['Chinese sentences', (i) => `第${i}号订单晚到而且箱子已经打开了`, 'text'],
  ['names', (i) => `John Smith ${i}`, 'identifier'],
  ['addresses of pages', (i) => `https://example.org/a/rather/long/path/to/page-${i}`, 'identifier'],
])('%s -> %s', ([, make, kind]) => {
  expect(profileTable(one(Array.from({ length: 60 }, (_, i) => make(i)))).columns[0]?.kind).toBe(kind)
})

test('confidence -> by Laplace of cells that fit, lowered for a category with numbers in it; 1 where the kind is given', () => {
  const confidence = (cells: readonly string[], kind?: 'category') =>
    profileTable(one(cells), kind ? { c: { kind } } : {}).columns[0]?.confidence
  expect(confidence(['1', '2', '3', ''])).toBeCloseTo(4 / 5, 12)
  expect(confidence(['a', 'b', 'a', '1'])).toBeCloseTo((5 / 6) * (3 / 4), 12)
  expect(confidence(['1', '2'], 'category')).toBe(1)
})

const earlier = decideCodec(
  profileTable({
    names: ['n', 'd', 'y'],
    columns: [
      ['1', '2.5'],
      ['05/03/2024', '16/03/2024'],
      ['1', '2'],
    ],
  }),
  'y',
)

test('a later file of the same columns -> read by the earlier codec, also where its own cells would say otherwise', () => {
  const table = {
    names: ['d', 'n', 'y'],
    columns: [
      ['05/03/2024', '06/03/2024'],
      ['3', '4'],
      ['1', '2'],
    ],
  }
  const codec = decideCodec(profileTable(table, {}, { target: 'y', earlier }), 'y')
  expect(codec.columns).toEqual([earlier.columns[1], earlier.columns[0]])
})

test.for<[string, readonly string[], readonly (readonly string[])[], string]>([
  [
    'text in a number column',
    ['n', 'd', 'y'],
    [
      ['1', 'many'],
      ['05/03/2024', '16/03/2024'],
      ['1', '2'],
    ],
    'row 1, column n: expected a number, as the live version reads it, got "many"',
  ],
  [
    'another format of dates',
    ['n', 'd', 'y'],
    [
      ['1', '2'],
      ['2024-03-05', '2024-03-06'],
      ['1', '2'],
    ],
    'row 0, column d: expected a date as DD/MM/YYYY, as the live version reads it, got "2024-03-05"',
  ],
  [
    'a column that is gone',
    ['n', 'y'],
    [
      ['1', '2'],
      ['1', '2'],
    ],
    'column d: expected it as in the live version, got n, y',
  ],
])('%s -> BAD_TABLE with the column and the first odd cell', ([, names, columns, message]) => {
  expect(() => profileTable({ names, columns }, {}, { target: 'y', earlier })).toThrow(
    expect.objectContaining({ code: 'BAD_TABLE', message: expect.stringContaining(message) }),
  )
})

test('a column whose kind is named anew -> read so, and not as the live version reads it', () => {
  const table = {
    names: ['n', 'd', 'y'],
    columns: [
      ['few', 'many'],
      ['05/03/2024', '06/03/2024'],
      ['1', '2'],
    ],
  }
  const { columns } = profileTable(table, { n: { kind: 'category' } }, { target: 'y', earlier })
  expect(columns[0]?.kind).toBe('category')
})
