/** Odd tables from the file to the plan of a run: each gives a plan, or one clear error that names line and column. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, expect, test } from 'vitest'
import { readFrame } from '../../adapters/frames/frames.ts'
import type { DataFormat } from '../../src/dataset/dataset.ts'
import { PercallError } from '../../src/errors.ts'
import { inspectTable } from '../../src/run/inspect.ts'
import { planRun } from '../../src/run/plan-run.ts'
import { parseRunRequest } from '../../src/run/request.ts'
import type { Run } from '../../src/run/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-bad-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = readFrame({ memoryMb: 3538, threads: 2 })

const write = (content: string | Uint8Array): string => {
  const file = join(mkdtempSync(join(folder, 'f-')), 'data')
  writeFileSync(file, content)
  return file
}

/** The kinds of the columns that a run would learn from, or its refusal. */
const planned = async (file: string, format: DataFormat, more: object = {}): Promise<string> => {
  try {
    const table = await read(file, format)
    const request = parseRunRequest({ model: 'm', dataset: 'd', target: 'y', ...more })
    const inspected = inspectTable(table, request)
    // What planRun reads of a run.
    const spec = planRun({ request, model: 'm', dataset: 'd', datasetVersion: 1 } as Run, inspected)
    return spec.codec.columns.length > 20
      ? `${spec.codec.columns.length} columns`
      : spec.codec.columns.map(({ name, kind }) => `${name} ${kind}`).join(', ')
  } catch (thrown) {
    if (thrown instanceof PercallError) return `${thrown.code} ${thrown.message}`
    throw thrown
  }
}

const lines = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join('\n')
const megabyte = 'x'.repeat(1024 * 1024)
const latin1 = Buffer.from(`x,y\n${lines(30, (i) => `${i},${i % 2 ? 'ä' : 'o'}`)}\n`, 'latin1')

test.for<[string, string | Uint8Array, string]>([
  ['an empty file', '', 'BAD_TABLE line 1: expected the names of the columns, got none'],
  ['blank lines only', '\n\n\n', 'BAD_TABLE line 1: expected the names of the columns, got none'],
  ['a header alone', 'x,y\n', 'BAD_TABLE table: expected at least one row, got 0 rows'],
  [
    'one row',
    'x,y\n1,2\n',
    'BAD_TABLE table: expected at least one column to learn from, got x (constant), y (constant)',
  ],
  [
    'one class',
    `x,y\n${lines(60, (i) => `${i % 7},yes`)}`,
    'BAD_TABLE target y: expected at least 2 distinct values, got 1',
  ],
  [
    'a target of missing cells',
    `x,y\n${lines(60, (i) => `${i % 7},NA`)}`,
    'BAD_TABLE target y: expected at least 2 distinct values, got 0',
  ],
  [
    'a constant target',
    `x,y\n${lines(60, (i) => `${i % 7},5`)}`,
    'BAD_TABLE target y: expected at least 2 distinct values, got 1',
  ],
  ['a name twice', 'x,x,y\n1,2,3\n', 'BAD_TABLE line 1, column 2: expected a name of its own, got "x" as in column 1'],
  ['a column without a name', 'x,,y\n1,2,3\n', 'BAD_TABLE line 1, column 2: expected a name, got ""'],
  [
    'a quote that is not closed',
    `x,y\n1,2\n"3,4\n${lines(60, (i) => `${i},${i}`)}`,
    'BAD_TABLE line 3: expected a closing quote, got none',
  ],
  ['another delimiter', `x:y\n${lines(60, (i) => `${i}:${i}`)}`, 'UNKNOWN_TARGET target: expected one of x:y, got y'],
  [
    'another delimiter below the header',
    `x;y\n${lines(60, (i) => `${i},${i}`)}`,
    'BAD_TABLE line 2: expected 2 cells, got 1, from column y on',
  ],
  ['Latin-1', latin1, 'BAD_TABLE line 3: expected UTF-8, got other bytes'],
  ['UTF-16', Buffer.from('\uFEFFx,y\n1,2\n', 'utf16le'), 'BAD_TABLE line 1: expected UTF-8, got UTF-16'],
  [
    'bytes of a ZIP file',
    Uint8Array.of(80, 75, 3, 4, 20, 0, 0xff, 0xfe),
    'BAD_TABLE line 1: expected UTF-8, got other bytes',
  ],
  [
    'dates in three spellings',
    `d,y\n${lines(60, (i) => `${['2024-01-13', '13/01/2024', 'Jan 13 2024'][i % 3]},${i}`)}`,
    'BAD_TABLE line 3, column d: expected a date as ISO, as in 20 of 60 cells, got "13/01/2024"; write all dates alike',
  ],
  [
    'a date with two readings',
    `d,y\n${lines(60, (i) => `0${1 + (i % 9)}/03/2024,${i}`)}`,
    'BAD_TABLE column d: expected dates with one reading, got 01/03/2024',
  ],
  [
    'an infinity among numbers',
    `x,y\n${lines(60, (i) => `${i === 41 ? 'inf' : i / 4},${i % 5}`)}`,
    'BAD_TABLE line 43, column x: expected a number as in 59 of 60 cells, got "inf"',
  ],
  [
    'a number beyond float64',
    `x,y\n${lines(60, (i) => `${i === 41 ? '1e999' : i / 4},${i % 5}`)}`,
    'BAD_TABLE line 43, column x: expected a number',
  ],
  [
    'a target that is text but for some',
    `x,y\n${lines(60, (i) => `${i % 5},${i === 7 ? 'oops' : i}`)}`,
    'BAD_TABLE line 9, column y: expected a number as in 59 of 60 cells, got "oops"',
  ],
])('%s -> refused by line and column', async ([, content, expected]) => {
  expect(await planned(write(content), 'csv')).toContain(expected)
})

test.for<[string, string, string]>([
  [
    'LF, CRLF and CR in one file',
    `x,y\r\n${lines(60, (i) => `${i % 7},${i % 5}${['', '\r', '\r'][i % 3]}`)}`,
    'x integer',
  ],
  ['a byte order mark', `\uFEFFx,y\n${lines(60, (i) => `${i % 7},${i % 5}`)}`, 'x integer'],
  ['blank lines', `x,y\n${lines(60, (i) => `${i % 7},${i % 5}\n`)}`, 'x integer'],
  ['cells of a megabyte', `x,t,y\n${lines(12, (i) => `${i},${megabyte}${i % 3},${i % 2}`)}`, 'x integer, t category'],
  [
    '10,000 columns',
    `${lines(9999, (i) => `c${i}`).replaceAll('\n', ',')},y\n${lines(30, (row) => `${lines(9999, (i) => String((i * row) % 7)).replaceAll('\n', ',')},${row % 2}`)}`,
    '8570 columns',
  ],
  [
    'names of a JavaScript object',
    `__proto__,constructor,y\n${lines(60, (i) => `${i % 7},${i % 3},${i % 5}`)}`,
    '__proto__ integer, constructor integer',
  ],
  [
    'known scales and long texts',
    `size,note,y\n${lines(60, (i) => `${['S', 'M', 'L'][i % 3]},the customer number ${i} of ours asked for a ${i % 2 ? 'refund' : 'reply'},${i % 2}`)}`,
    'size ordinal, note text',
  ],
  ['a leak', `x,copy,y\n${lines(60, (i) => `${i % 7},${i % 5}.5,${i % 5}`)}`, 'x integer'],
])('%s -> a plan', async ([, content, expected]) => {
  expect(await planned(write(content), 'csv')).toBe(expected)
})

test('a Parquet file with infinities, with nested columns, of no rows -> refused; a dropped column may be as it likes', async () => {
  const parquet = async (select: string): Promise<string> => {
    const file = write('')
    const instance = await DuckDBInstance.create(':memory:')
    await (await instance.connect()).run(`COPY (${select}) TO '${file}' (FORMAT parquet)`)
    instance.closeSync()
    return file
  }
  const infinite = await parquet(
    "SELECT CASE WHEN i = 7 THEN 'inf'::DOUBLE ELSE i / 4 END x, i % 3 z, i % 5 y FROM range(60) t(i)",
  )
  expect(await planned(infinite, 'parquet')).toBe('BAD_TABLE row 7, column x: expected a finite number, got "Infinity"')
  expect(await planned(infinite, 'parquet', { columns: { x: { drop: true } } })).toBe('z integer')
  const nested = await parquet("SELECT i x, {'a': i} s, i % 5 y FROM range(60) t(i)")
  expect(await planned(nested, 'parquet')).toContain(
    'BAD_TABLE column s: expected numbers, text, booleans or dates, got STRUCT',
  )
  const empty = await parquet('SELECT i x, i % 5 y FROM range(60) t(i) WHERE i < 0')
  expect(await planned(empty, 'parquet')).toBe('BAD_TABLE table: expected at least one row, got 0 rows')
})

test('columns that do not fit in memory -> on disk, with the same profile', async () => {
  const text = `x,c,d,y\n${lines(50_000, (i) => `${i / 8},${['a', 'b', ''][i % 3]},2024-01-${10 + (i % 20)},${i % 5}`)}`
  const request = { columns: {}, target: 'y' }
  const file = write(text)
  const small = readFrame({ memoryMb: 1, threads: 1 })
  expect(inspectTable(await small(file, 'csv'), request)).toEqual(inspectTable(await read(file, 'csv'), request))
})

test('a text that comes late among numbers, in memory and on disk -> the column as text, its numbers as they were spelled', async () => {
  const text = `x,y\n${lines(300_000, (i) => `${i === 299_000 ? 'none' : `${i % 4}.50`},${i % 5}`)}`
  for (const memoryMb of [1, 1024]) {
    const { columns } = await readFrame({ memoryMb, threads: 1 })(write(text), 'csv')
    expect(columns[0]).toMatchObject({ kind: 'levels', levels: [null, '0.50', '1.50', '2.50', '3.50', 'none'] })
  }
})
