import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { typedColumn } from '../../../src/csv/columns/column-builder.ts'
import { noNumber, plainNumber } from '../../../src/csv/columns/plain-number.ts'
import { scanCsv } from '../../../src/csv/columns/scan-csv.ts'
import { cellsOf } from '../../../src/dataset/column.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Reads in pieces of `size` bytes. */
const scanned = (text: string | Uint8Array, names: readonly string[], size: number, asText: Iterable<number> = []) => {
  const scan = scanCsv({ names, delimiter: ',', asText: new Set(asText) })
  const all = typeof text === 'string' ? bytes(text) : text
  for (let at = 0; at < all.length; at += size) scan.add(all.subarray(at, at + size))
  scan.end()
  return scan
}

const columnsOf = (scan: ReturnType<typeof scanned>) =>
  scan.builders.map((builder) => cellsOf(typedColumn(builder, scan.held())))

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', '1', '😀') }),
  fc.constantFrom('', '12', '-3.5'),
)

test('any cells, quoted and in pieces of any size -> those that csv-parse reads', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, size, lineBreak) => {
        const quoted = rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))
        const text = ['"a","b"', ...quoted].join(lineBreak)
        const [, ...expected]: string[][] = parse(text)
        const columns = columnsOf(scanned(text, ['a', 'b'], size, [0, 1]))
        expect(columns).toEqual([0, 1].map((place) => expected.map((row) => row[place] || null)))
      },
    ),
  )
})

test('any float64 as JavaScript writes it, or any decimal -> the float64 that Number reads', () => {
  const read = (text: string): number => plainNumber(bytes(text), 0, text.length)
  // 2^53 + 1, which a sum of digits rounds to 2^53.
  expect(read('0.9007199254740993')).toBe(0.9007199254740993)
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = String(value)
      // More digits before the point than are surely exact stay text.
      expect(read(text)).toBe(/^-?\d{16}/.test(text) ? noNumber : value + 0)
    }),
  )
  fc.assert(
    fc.property(fc.nat(), fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 25 }), (whole, fraction) => {
      const text = `${whole}.${fraction}`
      expect(read(text)).toBe(Number(text))
    }),
  )
})

test.for([
  '007',
  '00.5',
  '1,5',
  '1e',
  '1e+',
  '+-1',
  '.',
  '-',
  '1.2.3',
  'abc',
  '1_000',
  '0x10',
  '1e999',
  'inf',
  'nan',
  '1234567890123456',
])('%s -> no plain number', (text) => {
  expect(plainNumber(bytes(text), 0, text.length)).toBe(noNumber)
})

test.for<[string, string, readonly (readonly unknown[])[]]>([
  [
    'LF, CRLF and CR in one file',
    'a,b\n1,x\r\n2,y\r3,z',
    [
      [1, 2, 3],
      ['x', 'y', 'z'],
    ],
  ],
  [
    'blank lines',
    'a,b\n\n1,x\n\r\n2,y\n\n',
    [
      [1, 2],
      ['x', 'y'],
    ],
  ],
  ['a byte order mark before a quoted header', '\uFEFF"a","b"\n1,x\n', [[1], ['x']]],
  [
    'missing spellings among numbers',
    'a,b\nNA,x\n1,n/a\n,nan\n',
    [
      [null, 1, null],
      ['x', 'n/a', 'nan'],
    ],
  ],
  [
    'blanks around numbers',
    'a,b\n 1 ,x\n2, y\n',
    [
      [1, 2],
      ['x', ' y'],
    ],
  ],
  [
    'quotes inside a bare cell',
    'a,b\n1,5" pipe\n2,y\n',
    [
      [1, 2],
      ['5" pipe', 'y'],
    ],
  ],
])('%s -> cells', ([, text, columns]) => {
  for (const size of [1, 3, 1000]) expect(columnsOf(scanned(text, ['a', 'b'], size))).toEqual(columns)
})

test('a text behind numbers -> torn; behind empty cells only -> not', () => {
  const scan = scanned('a,b,c\n1,,NA\nx,y,z\n', ['a', 'b', 'c'], 1000)
  expect(scan.builders.map(({ torn }) => torn)).toEqual([true, false, true])
})

test.for<[string, string | Uint8Array, string]>([
  [
    'a short line behind a cell of two lines',
    'a,b\n1,"x\ny"\n2\n',
    'line 4: expected 2 cells, got 1, from column b on',
  ],
  ['a long line', 'a,b\n1,2\n3,4,5\n', 'line 3: expected 2 cells, got 3'],
  ['an open quote', 'a,b\n1,2\n3,"x\n4,5\n', 'line 3: expected a closing quote, got none'],
  [
    'text behind a quote',
    'a,b\n1,"x"y\n',
    'line 2: expected a delimiter or the end of the line behind the closing quote of cell 2',
  ],
  ['Latin-1', Uint8Array.of(...bytes('a,b\n1,x\n2,'), 0xe4, 10), 'line 3: expected UTF-8, got other bytes in column b'],
])('%s -> BAD_TABLE with its line', ([, text, message]) => {
  for (const size of [1, 1000])
    expect(() => scanned(text, ['a', 'b'], size)).toThrow(
      expect.objectContaining({ code: 'BAD_TABLE', message: expect.stringContaining(message) }),
    )
})
