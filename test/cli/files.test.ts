/** Files and folders that commands write, and batches whose connection is lost while they go on. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type Reply, startService } from '../client/service.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-files-'))
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'there'))
writeFileSync(join(folder, 'file'), '')
writeFileSync(join(folder, 'rows.csv'), 'x\n1\n')

const reply = (body: object): Reply => ({
  ...{ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
})

const run = async (words: readonly string[], replies: readonly Reply[]) => {
  const service = await startService(replies)
  onTestFinished(service.close)
  const env = { HOME: folder, PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  return { ...(await runHere(words, { cwd: folder, env })), seen: service.seen }
}

const version = reply({ name: 'm', version: 3, digest: 'd' })
const model: Reply = { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: 'onnx' }

test.for(['there', 'new/deep', '.'])('pull --out %s -> the files in that folder', async (out) => {
  const { code, stderr } = await run(['pull', 'm@3', '--out', out], [version, model])
  expect(code, stderr).toBe(0)
  expect(readFileSync(join(folder, out, 'model.onnx'), 'utf8')).toBe('onnx')
})

test('pull without --out -> the files in this folder', async () => {
  expect((await run(['pull', 'm@3'], [version, model])).code).toBe(0)
})

test('pull --out of a file -> refused before anything is sent', async () => {
  const { code, stderr, seen } = await run(['pull', 'm@3', '--out', 'file'], [version])
  expect({ code, seen }).toEqual({ code: 1, seen: [] })
  expect(stderr).toMatch(/--out file: expected a folder that can be written, .*file is a file\n/)
})

const progress = { shards: 1, rowsSucceeded: 0, rowsFailed: 0 }
const begun = { id: 'b1', model: 'm', version: 3, state: 'running', progress, units: 0, cost: '0' }

test('batch --out whose connection is lost -> its id at once, that it goes on, and the commands that show it', async () => {
  const replies = [reply({ id: 'u1', url: '/put' }), reply({}), reply(begun), 'hang up'] as const
  const { code, stderr } = await run(['batch', 'm', 'rows.csv', '--out', 'out.csv'], replies)
  expect(code).toBe(6)
  expect(stderr).toMatch(/^batch b1\n/)
  expect(stderr).toMatch(/error: .*; batch b1 goes on without this command\n/)
  expect(stderr).toMatch(/ {2}next: .*percall batches b1 shows how far it is, and percall batches b1 --out FILE takes/)
})

test('batches ID --out -> its result in that file', async () => {
  const result: Reply = { status: 200, headers: { 'content-type': 'text/csv' }, body: 'x,prediction\n1,2\n' }
  const { code, stderr } = await run(['batches', 'b1', '--out', 'taken.csv'], [reply(begun), result])
  expect(code, stderr).toBe(0)
  expect(readFileSync(join(folder, 'taken.csv'), 'utf8')).toBe('x,prediction\n1,2\n')
  expect((await run(['batches', '--out', 'taken.csv'], [])).code).toBe(2)
})
