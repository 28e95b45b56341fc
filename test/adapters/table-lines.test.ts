/** The rows of a table one by one: as many as there are, or the fault of the first bad one, however late it comes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { withTableLines } from '../../adapters/frames/lines.ts'
import { parquetOf } from '../journey/batch-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-lines-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Many of DuckDB's chunks of 2048 rows, so that a fault comes when most were read. */
const count = 100_000
const good = `x,y\n${Array.from({ length: count }, (_, i) => `${i},"a ${i}"`).join('\n')}\n`

const fileOf = (name: string, bytes: string | Uint8Array): string => {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}

const linesOf = (file: string, format: 'csv' | 'parquet') =>
  withTableLines({ memoryMb: 512, threads: 2 })(file, format, async ({ columns, lines }) => {
    const found: string[] = []
    for await (const line of lines) found.push(line)
    return { columns, found }
  })

test('a table of many chunks -> every row in order, as CSV and as Parquet', async () => {
  const csv = fileOf('good.csv', good)
  const parquet = join(folder, 'good.parquet')
  await parquetOf(csv, parquet)
  const { columns, found } = await linesOf(csv, 'csv')
  expect(columns).toEqual(['x', 'y'])
  expect(found).toEqual(Array.from({ length: count }, (_, i) => `["${i}","a ${i}"]`))
  expect((await linesOf(parquet, 'parquet')).found).toEqual(found)
})

test.for([
  ['a ragged last line', Buffer.from(`${good}1,2,3\n`), /line 100002: expected 2 cells, got 3/],
  ['bytes of no UTF-8 in the last line', Buffer.concat([Buffer.from(`${good}1,`), Buffer.of(0xff, 10)]), /UTF-8/],
  ['a quote that nothing closes', Buffer.from(`${good}1,"open\n`), /closing quote/],
] as const)('%s -> BAD_TABLE, not the rows before it alone', async ([given, bytes, says]) => {
  await expect(linesOf(fileOf(given, bytes), 'csv')).rejects.toMatchObject({ code: 'BAD_TABLE', message: says })
})

test('damaged Parquet -> BAD_TABLE', async () => {
  await expect(linesOf(fileOf('bad.parquet', `PAR1${good}PAR1`), 'parquet')).rejects.toMatchObject({
    code: 'BAD_TABLE',
  })
})
