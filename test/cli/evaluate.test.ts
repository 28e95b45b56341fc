/** Rows without a true answer, of which there is no judging: how many, and how the others are counted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type Reply, startService } from '../client/service.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-evaluate-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'rows.csv'), 'x,y\n1,1\n2,\n3,3\n4,\n5,5\n')
writeFileSync(join(folder, 'near.csv'), 'x,Mieten\n1,1\n')
writeFileSync(join(folder, 'none.csv'), 'x,y\n1,\n2,\n')
writeFileSync(join(folder, 'words.csv'), 'x,y\n1,1\n2,\n3,big\n')
const many = Array.from({ length: 700 }, (_, i) => `${i},${i % 7 === 0 ? '' : i}`)
writeFileSync(join(folder, 'many.csv'), `x,y\n${many.join('\n')}\n`)

const reply = (status: number, body: object, headers = {}): Reply => ({
  ...{ status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) },
})
const version = reply(200, { name: 'm', version: 3, inputs: [{ name: 'x' }] })
const facts = { 'percall-version': 'm/3', 'percall-units': '3', 'percall-cost': '0.1' }
const predicted = (predictions: readonly number[]) => reply(200, { predictions }, facts)

const evaluate = async (file: string, replies: readonly Reply[], ...more: readonly string[]) => {
  const service = await startService([version, ...replies])
  onTestFinished(service.close)
  const env = { HOME: folder, PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  const ran = await runHere(['evaluate', 'm@3', file, '--target', 'y', ...more], { cwd: folder, env })
  return { ...ran, sent: service.seen.slice(1) }
}

test('rows without the target -> told before the call, left out of it, and counted in the result', async () => {
  const { code, stdout, stderr, sent } = await evaluate('rows.csv', [predicted([1, 3, 5])], '--json')
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ rows: 3, dropped: 2, metrics: { r2: 1 } })
  expect(stderr).toMatch(/^2 of 5 rows have no y and are left out\nm\/3 on 3 rows: /)
  expect(JSON.parse(sent[0]!.body).instances).toEqual([{ x: '1' }, { x: '3' }, { x: '5' }])
})

test('a file of rows without the target -> refused, and no call is made', async () => {
  const { code, stderr, sent } = await evaluate('none.csv', [])
  expect({ code, sent }).toEqual({ code: 2, sent: [] })
  expect(stderr).toContain('none.csv: expected rows with y, got 2 rows without it')
})

test('a file without the column of true answers -> which it is, and one of like name', async () => {
  const { code, stderr, sent } = await evaluate('rows.csv', [], '--target', 'answer')
  expect({ code, sent }).toEqual({ code: 2, sent: [] })
  expect(stderr).toContain('rows.csv: expected the column answer with the true answers beside the inputs, got x, y\n')
  expect((await evaluate('near.csv', [], '--target', 'Miete')).stderr).toContain(
    'if Mieten is meant: --target Mieten\n',
  )
})

test('a file without the column of true answers, which the model does not say -> its columns', async () => {
  const service = await startService([version])
  onTestFinished(service.close)
  const env = { HOME: folder, PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  const { stderr } = await runHere(['evaluate', 'm@3', 'rows.csv'], { cwd: folder, env })
  expect(stderr).toContain('next: name it with --target, one of x, y\n')
})

test('a refused row, and a true answer that cannot be one -> their rows in the file, not among those with a target', async () => {
  const bad = (row: number) => reply(400, { code: 'BAD_CELL', error: `row ${row}, column x: expected`, hint: 'h' })
  // Rows 1, 3 and 5 are sent.
  expect((await evaluate('rows.csv', [bad(1)])).stderr).toContain('error: row 3, column x: expected\n')
  const words = await evaluate('words.csv', [predicted([1, 3])])
  expect(words.stderr).toContain('error: row 3, column y: expected a number, got big\n')
  expect(words.stderr).toMatch(
    /not charged again by: percall evaluate m@3 words.csv --target y --idempotency-key \S+\n/,
  )
  // 600 of 700 rows are sent, every seventh is not: the first of the second call is the 501st.
  const later = await evaluate('many.csv', [predicted(Array.from({ length: 500 }, Number)), bad(0)])
  expect(later.stderr).toContain('error: row 585, column x: expected\n')
})

test('the command that an error names -> the same idempotency keys for what was answered', async () => {
  const first = await evaluate('words.csv', [predicted([1, 3])])
  const key = /--idempotency-key (\S+)/.exec(first.stderr)?.[1] ?? ''
  const again = await evaluate('words.csv', [predicted([1, 3])], '--idempotency-key', key)
  const keys = [first, again].map(({ sent }) => sent[0]!.headers['idempotency-key'])
  expect(keys[1]).toBe(keys[0])
})
