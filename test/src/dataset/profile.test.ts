import { expect, test } from 'vitest'
import { personalDataNotice } from '../../../src/dataset/personal-data.ts'
import { columnNotices, decideCodec, profileTable } from '../../../src/dataset/profile.ts'

const column = (cells: readonly (string | null)[]) => ({ names: ['c'], columns: [cells] })
const many = (make: (i: number) => string) => Array.from({ length: 40 }, (_, i) => make(i))

test.for<[string, readonly (string | null)[], string]>([
  ['whole numbers', ['1', '5', 'NA', '1.0'], 'integer FP32'],
  ['long whole numbers', ['12345678', '9'], 'integer FP64'],
  ['whole numbers beyond 2^53', ['9007199254740993', '9'], 'integer INT64'],
  ['decimals', ['1.5', '2', '?'], 'numeric FP32'],
  ['decimals of 9 digits', ['1.23456789', '2'], 'numeric FP64'],
  ['decimals equal in float32', ['16777216', '16777217'], 'integer FP64'],
  ['true and false', ['True', 'false', ''], 'boolean FP32'],
  ['ISO dates', ['2024-01-31', '2024-02-29T10:00:00Z'], 'date INT64'],
  ['day first by a value above 12', ['05/03/2024', '16/03/2024'], 'date INT64'],
  ['an impossible date among dates', ['2024-01-31', '2024-02-31'], 'category BYTES'],
  ['text', ['a', 'b', 'a'], 'category BYTES'],
  ['one value', ['3', '3'], 'constant FP32'],
  ['nothing but missing', ['', 'NA', null], 'constant undefined'],
  ['names of rows', many((i) => `row ${i}`), 'identifier BYTES'],
  ['whole numbers in a row', many((i) => String(i)), 'integer FP32'],
])('%s -> %s', ([, cells, expected]) => {
  const [profile] = profileTable(column(cells)).columns
  expect(`${profile!.kind} ${profile!.codec?.datatype}`).toBe(expected)
})

test.for<[string, string, (i: number) => string, string | undefined]>([
  ['1, 2, 3, ...', 'id', (i) => String(i + 1), 'identifier'],
  ['a shuffle', 'PassengerId', (i) => String((i * 7) % 40), 'identifier'],
  ['0, 1, 2, ...', 'row number', String, 'identifier'],
  ['0, 1, 2, ...', 'Unnamed: 0', String, 'identifier'],
  ['0, 1, 2, ...', 'a', String, undefined],
  ['0, 1, 2, ...', 'paid', String, undefined],
  ['0, 3, 6, ...', 'id', (i) => String(3 * i), undefined],
  ['0.5, 1.5, ...', 'id', (i) => `${i}.5`, undefined],
])('%s in a column %s -> identifier or kept', ([, name, make, leftOut]) => {
  expect(profileTable({ names: [name], columns: [many(make)] }).columns[0]?.leftOut).toBe(leftOut)
})

test('columns that are left out -> a notice with the reason and how to keep each, but for the target and dropped ones', () => {
  const constant = many(() => '1')
  const named = many((i) => `n${i}`)
  const columns = [many(String), constant, named, named, named, many(() => '')]
  const profile = profileTable({ names: ['id', 'c', 'name', 'y', 'd', 'e'], columns }, { d: { drop: true } })
  expect(columnNotices(profile, 'y')).toEqual([
    'column id: left out as an identifier: 40 distinct whole numbers in 40 rows; --type id=integer keeps it',
    'column c: left out as constant: 1 distinct value in 40 rows; --type c=integer keeps it',
    'column name: left out as an identifier: 40 distinct texts in 40 rows; --type name=category keeps it',
    'column e: left out as constant: no value in 40 rows',
  ])
})

test('a column of two words -> an option that a shell reads as one', () => {
  const columns = [many(String), many(() => '1'), many((i) => `n${i}`)]
  const profile = profileTable({ names: ['the id', "it's 1", 'name'], columns })
  expect(columnNotices(profile, 'y').map((notice) => notice.slice(notice.indexOf('--')))).toEqual([
    "--type 'the id=integer' keeps it",
    "--type 'it'\\''s 1=integer' keeps it",
    '--type name=category keeps it',
  ])
  expect(personalDataNotice('e mail', 'email')).toContain("--drop 'e mail' leaves it out")
  expect(() => profileTable({ names: ['a day'], columns: [['05/03/2024', '06/03/2024']] })).toThrow(
    "name it with --date-format 'a day=",
  )
  expect(() => profileTable({ names: ['net weight'], columns: [[...many(String), 'n/k']] })).toThrow(
    "(--type 'net weight=category')",
  )
})

test.for<[string, string | undefined, string]>([
  ['1,5', ',', 'numeric ,'],
  ['1,125', ';', 'numeric ,'],
  ['1,125', ',', 'category undefined'],
  ['1,125,000', ';', 'category undefined'],
])('%s in a file delimited by %s -> %s', ([cell, delimiter, expected]) => {
  const { codec } = profileTable({ names: ['c'], columns: [[cell, cell, '2']], ...(delimiter && { delimiter }) })
    .columns[0]!
  expect(`${codec?.kind} ${codec && 'decimal' in codec ? codec.decimal : undefined}`).toBe(expected)
})

test('numbers with grouping marks -> text, with a notice', () => {
  const profile = profileTable({ names: ['c'], columns: [['1.234,5', '12,25', '1.235,0']], delimiter: ';' })
  expect(columnNotices(profile, 'y')).toEqual([
    'column c: taken as text: 1.234,5 looks like a number with grouping marks; write numbers without them',
  ])
})

test.for<[readonly string[], string | undefined]>([
  [
    ['$353.22', '$1,011.40', '$7'],
    '$353.22 looks like a number with $; write numbers without $ and without grouping marks',
  ],
  [['262,97 €', '138,19 €'], '262,97 € looks like a number with €; write numbers without € and without grouping marks'],
  [['12.3%', '7%'], '12.3% looks like a number with %; write numbers without % and without grouping marks'],
  [['80 kg', '75kg'], '80 kg looks like a number with kg; write numbers without kg and without grouping marks'],
  [['¥140.06', '¥99'], '¥140.06 looks like a number with ¥; write numbers without ¥ and without grouping marks'],
  [['13:05', '7:40'], '13:05 looks like a time of day; write it as one number, such as hours'],
  [['C85', 'C12'], undefined],
  [['12a', '13b'], undefined],
  [['+49 89 8110582', '+49 89 2215125'], undefined],
  [['red', 'green'], undefined],
])('%j -> text, with a notice: %s', ([cells, said]) => {
  const profile = profileTable({ names: ['c'], columns: [cells], delimiter: ';' })
  const notice = said && `column c: taken as text: ${said}`
  expect(columnNotices(profile, 'y')).toEqual(notice ? [notice] : [])
})

test('prices, each another one -> left out for now, and what they look like', () => {
  const profile = profileTable({ names: ['c'], columns: [many((i) => `$${i}.50`)] })
  expect(profile.columns[0]?.leftOut).toBe('identifier')
  expect(columnNotices(profile, 'y')).toEqual([
    'column c: taken as text: $0.50 looks like a number with $; write numbers without $ and without grouping marks; until then it is left out',
  ])
})

test.for([
  { cells: ['05/03/2024', '06/03/2024'], message: /DD\/MM\/YYYY and MM\/DD\/YYYY; name it with --date-format/ },
  {
    cells: [...many((i) => String(i * 1.5)), 'oops'],
    message: /row 40, column c: expected a number as in 40 of 41 cells, got "oops"/,
  },
  { cells: [], message: /expected a header and at least one row, got 0 rows/ },
])('$cells.length cells -> $message', ({ cells, message }) => {
  expect(() => profileTable(column(cells))).toThrow(
    expect.objectContaining({ code: 'BAD_TABLE', message: expect.stringMatching(message) }),
  )
})

test('overrides -> kind, format and drop win', () => {
  const table = {
    names: ['zip', 'd', 'x', 'y'],
    columns: [
      ['01', '02'],
      ['05/03/2024', '06/03/2024'],
      ['1', '2'],
      ['1', '2'],
    ],
  }
  const profile = profileTable(table, { zip: { kind: 'category' }, d: { format: 'MM/DD/YYYY' }, x: { drop: true } })
  expect(decideCodec(profile, 'y').columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'zip category',
    'd date',
  ])
  expect(() => profileTable(table, { speed: {} })).toThrow('column speed: expected one of zip, d, x, y, got speed')
  expect(() => decideCodec(profile, 'speed')).toThrow(expect.objectContaining({ code: 'UNKNOWN_TARGET' }))
})
