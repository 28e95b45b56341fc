import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cell, type ColumnCodec, encodeColumn, rowsToTensors } from '../../../src/dataset/codec.ts'

const missing = ['NA']
const columns = {
  words: { kind: 'text', name: 'x', missing, datatype: 'BYTES', tokens: 'words' },
  characters: { kind: 'text', name: 'x', missing, datatype: 'BYTES', tokens: 'characters' },
  ordinal: {
    kind: 'ordinal',
    name: 'x',
    missing,
    datatype: 'BYTES',
    levels: ['low', 'high', '2'],
    case: 'lower',
    numbers: 'canonical',
  },
} as const satisfies Record<string, ColumnCodec>

test.for<[keyof typeof columns, Cell, string]>([
  ['words', '  The  quick, BROWN fox!\n', 'the quick brown fox'],
  ['words', "don't c++ a_b 3.14", 'don t c a_b 3 14'],
  ['words', 'RI\u0304GA Ünïcode', 'r\u012bga ünïcode'],
  ['words', 'नमस्ते दुनिया', 'नमस्ते दुनिया'],
  ['words', 'great🙂stuff', 'great 🙂 stuff'],
  ['words', 'a\0b', 'a b'],
  ['words', '...', ''],
  ['words', ' NA ', ''],
  ['words', null, ''],
  ['words', 3.5, '3 5'],
  ['words', true, 'true'],
  ['words', '\ud83d', ''],
  ['characters', ' Ab  c\t', 'a b ␣ c'],
  ['characters', 'e\u0301🙂', 'é 🙂'],
  ['characters', 'a\0\u2003b', 'a ␣ b'],
  ['characters', 'x\ud83d', 'x \ufffd'],
  ['characters', '', ''],
  ['ordinal', 'HIGH', 'high'],
  ['ordinal', '2.0', '2'],
  ['ordinal', 2, '2'],
  ['ordinal', null, ''],
  ['ordinal', 'NA', ''],
])('%s cell %j -> %j', ([column, cell, element]) => {
  expect(encodeColumn(columns[column], [cell])[0]).toBe(element)
})

test('an unstated level of an ordinal -> BAD_CELL that names them in order', () => {
  expect(() => encodeColumn(columns.ordinal, ['low', 'middling'])).toThrow(
    'row 1, column x: expected one of low, high, 2, got "middling"',
  )
})

test('texts beyond the bound -> 1000 words, 2000 characters; a megabyte is read no further', () => {
  const words = encodeColumn(columns.words, ['ab '.repeat(400_000)])[0] as string // BYTES
  const characters = encodeColumn(columns.characters, ['ab '.repeat(400_000)])[0] as string // BYTES
  expect(words.split(' ')).toHaveLength(1000)
  expect(characters.split(' ').length).toBeGreaterThanOrEqual(1999)
  expect(characters.split(' ').length).toBeLessThanOrEqual(2000)
})

test('any cells as JSON and as text -> the same elements, which reading again keeps', () => {
  const cell = fc.oneof(
    fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
  )
  fc.assert(
    fc.property(fc.constantFrom(columns.words, columns.characters), fc.array(cell), (column, cells) => {
      const codec = { codecVersion: 1 as const, columns: [column] }
      const json = JSON.parse(JSON.stringify(cells.map((x) => ({ x }))))
      const [tensor] = rowsToTensors(codec, json, { unknown: 'refuse' })
      const read = encodeColumn(
        column,
        cells.map((x) => (typeof x === 'string' ? x : JSON.stringify(x))),
      ) as readonly string[] // BYTES
      expect(tensor!.data).toStrictEqual(read)
      for (const text of read) {
        expect(text).not.toMatch(/ {2}|^ | $|[\0\n]/)
        expect(text.isWellFormed()).toBe(true)
      }
      if (column.tokens === 'words') expect(encodeColumn(column, read)).toStrictEqual(read)
    }),
  )
})
