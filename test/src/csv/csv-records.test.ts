import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvCell } from '../../../src/csv/csv-answer.ts'
import { csvRecords } from '../../../src/csv/csv-records.ts'

const delimiters = [',', ';', '\t', '|'] as const
type Delimiter = (typeof delimiters)[number]

const cellsOf = (text: string, delimiter: Delimiter = ',') => [...csvRecords(text, delimiter)].map(({ cells }) => cells)

/** csv-parse as an outside reading of RFC 4180, in the choices that we make. */
const peer = (text: string, delimiter: Delimiter): readonly (readonly string[])[] =>
  parse(text, {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  })

const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', ';', '\t', '|', '\r', '\n', 'é', '7'), maxLength: 8 }),
)
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 })

test('any cells as RFC 4180 writes them -> read as they were, and as csv-parse reads them', () => {
  const property = fc.property(
    table,
    fc.constantFrom(...delimiters),
    fc.constantFrom('\n', '\r\n', '\r'),
    (cells, delimiter, lineBreak) => {
      const text = cells.map((row) => row.map((one) => csvCell(one, delimiter)).join(delimiter)).join(lineBreak)
      expect(cellsOf(text, delimiter)).toEqual(cells)
      // csv-parse takes a leading byte order mark for one in the first cell's stead only with an option.
      expect(peer(text, delimiter)).toEqual(cells)
    },
  )
  fc.assert(property, { numRuns: 500 })
})

test('any text at all -> refused, or read as csv-parse reads it', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' '), maxLength: 24 })
  let read = 0
  const property = fc.property(text, (some) => {
    let ours: readonly (readonly string[])[]
    try {
      ours = cellsOf(some)
    } catch {
      return
    }
    read += 1
    expect(ours).toEqual(peer(some, ','))
  })
  fc.assert(property, { numRuns: 2000, seed: 4180 })
  expect(read).toBeGreaterThan(1000)
})

test('a record -> where its own text lies, and on which line it begins', () => {
  const text = 'a,b\r\n"x\ny",2\r\n\r\n3,4'
  const records = [...csvRecords(text, ',')]
  expect(records.map(({ from, to }) => text.slice(from, to))).toEqual(['a,b', '"x\ny",2', '3,4'])
  expect(records.map(({ line }) => line)).toEqual([1, 2, 5])
})

test.for<[string, string, RegExp]>([
  ['a quote that is not closed', 'a,b\n1,"2\n3,4', /line 2: expected a closing quote, got the end/],
  ['text behind a closing quote', 'a,b\n"1"x,2', /line 2, cell 1: expected a delimiter .*, got "x"/],
])('%s -> refused with its line', ([, text, message]) => {
  expect(() => cellsOf(text)).toThrow(
    expect.objectContaining({ code: 'BAD_TABLE', message: expect.stringMatching(message) }),
  )
})

test.for([
  ['plain', ','.repeat(3_000_000)],
  ['with a quote', `"",${','.repeat(3_000_000)}`],
  ['of quoted cells', '"",'.repeat(1_000_000)],
])('a line of millions of cells, %s -> refused before all are read', ([, text]) => {
  expect(() => cellsOf(text as string)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
})

// At one search for an LF a line, these 5.5 MB took 100 s.
test('lines of CR before millions of characters without an LF -> read in one pass', () => {
  const text = `${'1\r'.repeat(250_000)}${'x'.repeat(5_000_000)}`
  expect([...csvRecords(text, ',')]).toHaveLength(250_001)
})
