/** Files that are no CSV, or no UTF-8: refused in the words of the command line before anything is sent. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { startService } from '../client/service.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-bad-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = async (words: readonly string[]) => {
  const service = await startService([{ status: 500 }])
  onTestFinished(service.close)
  const env = { HOME: folder, PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  return { ...(await runHere(words, { cwd: folder, env })), seen: service.seen.length }
}

test.for([
  [
    'x,y\n1,2\n"a" b,2\n',
    'line 3, cell 1: expected a delimiter or the end of the line behind the closing quote, got " "',
  ],
  ['x,y\n1,"2\n', 'line 2: expected a closing quote, got the end of the text'],
  ['x,y\n1,2\n\n3\n', 'line 4: expected 2 cells as in the header, got 1'],
  ['x,x\n1,2\n', 'line 1, column 2: expected a name of its own, got "x" as in column 1'],
  ['x,y\n', 'expected a header and at least one row, got no row'],
] as const)('%j -> line, what was expected, what came', async ([text, message]) => {
  writeFileSync(join(folder, 'rows.csv'), text)
  const { code, stderr, seen } = await run(['predict', 'm', 'rows.csv'])
  expect({ code, seen }).toEqual({ code: 1, seen: 0 })
  expect(stderr).toContain(`error: rows.csv: ${message}\n`)
})

// A header in ASCII, 3 MB of rows in UTF-8, and one of GBK: no first look would find it.
const rows = Array.from({ length: 300_000 }, (_, i) => `${i},市`).join('\n')
const gbk = Buffer.concat([Buffer.from(`x,y\n${rows}\n1,`), Buffer.from([0xca, 0xd0]), Buffer.from('\n2,a\n')])

test.for([
  ['predict', 'm'],
  ['predict', 'm', '--async'],
  ['evaluate', 'm', '--target', 'y'],
  ['explain', 'm'],
  ['batch', 'm'],
  ['train', '--name', 'm', '--target', 'y'],
])('%j of a file that is no UTF-8 -> refused with the line, and nothing is sent', async ([command = '', ...words]) => {
  writeFileSync(join(folder, 'gbk.csv'), gbk)
  const named = command === 'train' ? ['gbk.csv', ...words] : [words[0]!, 'gbk.csv', ...words.slice(1)]
  const { code, stderr, seen } = await run([command, ...named])
  expect({ code, seen }, stderr).toEqual({ code: 1, seen: 0 })
  expect(stderr).toContain('error: gbk.csv: line 300002: expected UTF-8, got other bytes\n')
  expect(stderr).toContain('next: save it as UTF-8 (in Excel: CSV UTF-8), then send it\n')
})
