import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, expect, test } from 'vitest'
import { readFrame } from '../../../adapters/frames/frames.ts'
import type { Cell } from '../../../src/dataset/codec.ts'
import { type Column, cellsOf } from '../../../src/dataset/column.ts'
import type { DataFormat } from '../../../src/dataset/dataset.ts'
import { PercallError } from '../../../src/errors.ts'
import { readTable } from '../../fixtures/learning.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-frames-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = readFrame({ memoryMb: 1024, threads: 1 })

const readCells = async (file: string, format: DataFormat) => {
  const { names, columns } = await read(file, format)
  return { names, columns: columns.map(cellsOf) }
}

let files = 0
const write = (content: string | Uint8Array): string => {
  files += 1
  const file = join(mkdtempSync(join(folder, 'f-')), `data-${files}`)
  writeFileSync(file, content)
  return file
}

const refusal = async (content: string | Uint8Array, format: DataFormat): Promise<string> => {
  const thrown = await read(write(content), format).catch((error: unknown) => error)
  if (thrown instanceof PercallError) return `${thrown.code} ${thrown.message}`
  throw new Error(`expected a refusal, got ${String(thrown)}`)
}

/** What csv-parse reads, as numbers where the column is one of numbers. */
const typed = (cells: readonly (string | undefined)[], column: Column): readonly Cell[] => {
  const isNumbers = 'kind' in column && column.kind === 'numbers'
  return cells.map((cell = '') => {
    if (cell === '' || (isNumbers && cell === 'NA')) return null
    return isNumbers ? Number(cell) : cell
  })
}

test.for(['cars.train.csv', 'penguins.test.csv', 'lending_club.train.csv'])(
  '%s -> the cells that csv-parse reads, an empty one as null, numbers as such',
  async (name) => {
    const table = await read(write(readFileSync(new URL(`../../fixtures/data/${name}`, import.meta.url))), 'csv')
    const expected = readTable(name)
    expect(table.names).toEqual(expected.names)
    expect(table.columns.map(cellsOf)).toEqual(
      expected.columns.map((column, place) => typed(column, table.columns[place]!)),
    )
  },
)

test.for<[string, string | Uint8Array, readonly string[], readonly (readonly unknown[])[]]>([
  ['semicolons, quotes', 'a;b\n1;"x;y"\n;NA\n', ['a', 'b'], [[1, null], ['x;y', 'NA']]], // biome-ignore format: a table
  ['tabs and CRLF', 'a\tb\r\n1\t2\r\n', ['a', 'b'], [[1], [2]]],
  ['a byte order mark', '\uFEFFa,b\n1,2\n', ['a', 'b'], [[1], [2]]],
  ['one column', 'y\n1\n2\n', ['y'], [[1, 2]]],
  ['ambiguous dates and codes stay text', 'd,c\n05/03/2024,007\n', ['d', 'c'], [['05/03/2024'], ['007']]],
  ['line breaks inside quotes', '"na""me","x\ny"\n"1,5","a\nb"\n', ['na"me', 'x\ny'], [['1,5'], ['a\nb']]],
  ['no line end after the last row', 'a,b\n1,2', ['a', 'b'], [[1], [2]]],
  ['names of SQL', `a'; DROP TABLE x; --,"b"")"\n1,2\n`, ["a'; DROP TABLE x; --", 'b")'], [[1], [2]]],
  ['a name that a JavaScript object has', '__proto__,constructor\n1,2\n', ['__proto__', 'constructor'], [[1], [2]]],
])('CSV with %s -> text cells', async ([, content, names, columns]) => {
  expect(await readCells(write(content), 'csv')).toEqual({ names, columns })
})

const bytes = (...parts: (string | number)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))))

test.for<[string, string | Uint8Array, DataFormat, string]>([
  ['Latin-1 in JSON', bytes('{"a":1}\n{"a":"', 0xe4, '"}\n'), 'jsonl', 'after line 0: expected UTF-8'],
  ['nothing', '', 'csv', 'line 1: expected the names of the columns, got none'],
  ['a header alone', 'a,b\n', 'csv', 'table: expected at least one row, got 0 rows'],
  ['a short line', 'a,b\n1,2\n3\n', 'csv', 'line 3: expected 2 cells, got 1, from column b on'],
  ['a long line', 'a,b\n1,2\n3,4,5\n', 'csv', 'line 3: expected 2 cells, got 3'],
  ['a long first line', 'a,b\n3,4,5\n1,2\n', 'csv', 'line 2: expected 2 cells, got 3'],
  ['a name twice', 'a,b,a\n1,2,3\n', 'csv', 'line 1, column 3: expected a name of its own, got "a" as in column 1'],
  ['a column without a name', 'a,,c\n1,2,3\n', 'csv', 'line 1, column 2: expected a name, got ""'],
  ['Latin-1', bytes('a,b\n1,2\n', 0xe4, ',2\n'), 'csv', 'line 3: expected UTF-8, got other bytes'],
  ['UTF-16', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), 'csv', 'line 1: expected UTF-8, got UTF-16'],
  ['an open quote', 'a,b\n1,2\n"3,4\n', 'csv', 'line 3: expected a closing quote, got none'],
  ['an open quote in the header', 'a,"b\n1,2\n', 'csv', 'line 1: expected a closing quote in the header, got none'],
  ['broken JSON', '{"a":1}\n{"a":\n', 'jsonl', 'line 2: expected one JSON object'],
  ['an array as a line', '{"a":1}\n[1]\n', 'jsonl', 'line 2: expected one JSON object, got [1]'],
  ['a list as a cell', '{"a":1}\n{"a":[1,2]}\n', 'jsonl', 'line 2, column a: expected a text, number, boolean or null'],
  ['no lines', '', 'jsonl', 'table: expected at least one row, got 0 rows'],
  ['text as Parquet', 'a,b\n1,2\n', 'parquet', 'file: expected Parquet, got other or damaged bytes'],
  ['nothing as Parquet', '', 'parquet', 'file: expected Parquet, got other or damaged bytes'],
])('%s -> BAD_TABLE that names the place and no path', async ([, content, format, message]) => {
  const text = await refusal(content, format)
  expect(text).toContain(`BAD_TABLE ${message}`)
  expect(text).not.toContain(folder)
})

test('a bad byte behind the head of a large file -> its line', async () => {
  const rows = Array.from({ length: 300_000 }, (_, row) => `${row},x\n`).join('')
  expect(await refusal(bytes(`a,b\n${rows}`, 0xe4, ',2\n'), 'csv')).toContain('line 300002: expected UTF-8')
})

test('a long line behind the head of a large file -> its line', async () => {
  const rows = Array.from({ length: 300_000 }, (_, row) => `${row},x\n`).join('')
  expect(await refusal(`a,b\n${rows}1,2,3\n4,5\n`, 'csv')).toContain('line 300002: expected 2 cells, got 3')
})

test('JSON Lines with other keys in each line -> one column a key, whole numbers exact', async () => {
  const lines = '{"a":1,"b":"x"}\n\n{"a":9007199254740993,"c":true}\n{"b":null,"__proto__":2.5}\n'
  expect(await readCells(write(lines), 'jsonl')).toEqual({
    names: ['a', 'b', 'c', '__proto__'],
    columns: [
      [1, '9007199254740993', null],
      ['x', null, null],
      [null, true, null],
      [null, null, 2.5],
    ],
  })
})

const parquet = async (select: string): Promise<string> => {
  const file = write('')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`)
  instance.closeSync()
  return file
}

test.for<[string, unknown]>([
  ["'ä'::VARCHAR", 'ä'],
  ['true', true],
  ['7::TINYINT', 7],
  ['2.5::DOUBLE', 2.5],
  ['0.1::FLOAT', 0.1],
  ['9007199254740993::BIGINT', '9007199254740993'],
  ['1.25::DECIMAL(10,2)', 1.25],
  ['1234567890123456.25::DECIMAL(30,2)', '1234567890123456.25'],
  ["'nan'::DOUBLE", null],
  ['18446744073709551615::UBIGINT', '18446744073709551615'],
  ['-9007199254740993::BIGINT', '-9007199254740993'],
  ['-0.0::DOUBLE', 0],
  ["DATE '2024-02-29'", '2024-02-29'],
  ["DATE '0044-03-15 (BC)'", '0044-03-15 (BC)'],
  ["'-infinity'::DATE", '-infinity'],
  ['NULL::DATE', null],
  ["TIMESTAMP '2024-02-29 10:11:12'", '2024-02-29 10:11:12'],
  ["TIMESTAMPTZ '2024-02-29 10:11:12+02'", '2024-02-29 08:11:12Z'],
  ['NULL::INTEGER', null],
])('Parquet %s -> the cell', async ([sql, cell]) => {
  expect(await readCells(await parquet(`SELECT ${sql} AS "c""1"`), 'parquet')).toEqual({
    names: ['c"1'],
    columns: [[cell]],
  })
})

test('Parquet with missing cells between others -> each in its row', async () => {
  const rows = "(VALUES (1, DATE '2024-01-02', 2.5, 'a'), (NULL, NULL, NULL, NULL), (3, DATE '2024-01-01', 0.5, 'b'))"
  expect(await readCells(await parquet(`SELECT * FROM ${rows} t(i, d, n, t)`), 'parquet')).toEqual({
    names: ['i', 'd', 'n', 't'],
    columns: [
      [1, null, 3],
      ['2024-01-02', null, '2024-01-01'],
      [2.5, null, 0.5],
      ['a', null, 'b'],
    ],
  })
})

test('a Parquet column of lists -> BAD_TABLE that names it and its type', async () => {
  const thrown = await read(await parquet('SELECT 1 AS a, [1, 2] AS l'), 'parquet').catch((error: unknown) => error)
  expect(String(thrown)).toContain('column l: expected numbers, text, booleans or dates, got INTEGER[]')
})

test('a CSV whose header names another file -> it is text; nothing else is read', async () => {
  const secret = write('secret\n1\n')
  const table = await readCells(write(`"read_csv('${secret}')"\nx\n`), 'csv')
  expect(table.columns).toEqual([['x']])
})
