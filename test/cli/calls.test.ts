/** The commands of calls, batches and statistics as people type them, on the running product. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, getRegistration, pushVersion, registerVersion } from '../../client/percall.ts'
import { textManifest, textModel } from '../fixtures/text-model.ts'
import { consumerKey } from '../journey/ledger.ts'
import { addModel } from '../journey/models.ts'
import { type Stack, startStack } from '../stack/stack.ts'

const percall = join(import.meta.dirname, '..', '..', 'bin', 'percall')
const folder = mkdtempSync(join(tmpdir(), 'percall-calls-'))
let stack: Stack
let key = ''

const run = (words: readonly string[], secret = key) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env.PATH, HOME: folder, PERCALL_URL: stack.running.url, PERCALL_KEY: secret }
    execFile(process.execPath, [percall, ...words], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })

const json = async (...words: readonly string[]) => {
  const { code, stdout, stderr } = await run([...words, '--json'])
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}

beforeAll(async () => {
  stack = await startStack()
  const owner = createClient({ url: stack.running.url, key: stack.ownerKey })
  const { id } = await registerVersion(owner, 'texts', textModel(), { manifest: textManifest })
  await pushVersion(owner, 'add', addModel(1))
  key = await consumerKey(stack, 'acme', ['*'])
  while ((await getRegistration(owner, id)).state !== 'succeeded') await setTimeout(100)
  writeFileSync(join(folder, 'rows.csv'), 'id,x\na,1\nb,2.5\n')
  writeFileSync(join(folder, 'bad.csv'), 'x\n1\nmany\n')
  writeFileSync(join(folder, 'rows.json'), '[{"x":1},{"x":2.5}]')
  writeFileSync(join(folder, 'object.json'), '{"x":1}')
})
afterAll(async () => {
  await stack.close()
  rmSync(folder, { recursive: true, force: true })
})

const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

test('rows of a JSON file -> a prediction a line; in a file where --out names one', async () => {
  expect((await run(['predict', 'add', 'rows.json'])).stdout).toBe('[2]\n[3.5]\n')
  expect(await run(['predict', 'add', 'rows.csv', '--ignore-unknown', '--out', 'out.csv'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'add/1: calls 1, units 1, cost 0\n',
  })
  expect(read('out.csv')).toBe('id,x,prediction\na,1,2\nb,2.5,3.5\n')
})

test('a call that is answered later -> its id, then its answer, and in the list', async () => {
  const { stdout } = await run(['predict', 'add', 'rows.csv', '--ignore-unknown', '--async'])
  const id = stdout.trim()
  expect(await run(['call', id, '--wait'])).toMatchObject({ code: 0, stdout: 'id,x,prediction\na,1,2\nb,2.5,3.5\n' })
  expect(await json('call', id)).toMatchObject({ id, state: 'succeeded', model: 'add' })
  expect((await json('calls')).calls[0].id).toBe(id)
  expect(await run(['cancel', id, '--call', '--yes'])).toMatchObject({
    code: 5,
    stdout: '',
    stderr: expect.stringContaining('percall call ID shows how it ended'),
  })
  expect((await run(['call', 'nope'])).code).toBe(4)
})

test('rows of a JSON file later -> the file of --out', async () => {
  expect((await run(['predict', 'add', 'rows.json', '--async', '--out', 'later.txt'])).code).toBe(0)
  expect(read('later.txt')).toBe('[2]\n[3.5]\n')
})

test('a batch with a bad row -> its result, what failed, and the batch in the list', async () => {
  const { code, stdout, stderr } = await run(['batch', 'add', 'bad.csv', '--wait'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'x,prediction\n1,2\nmany,\n' })
  expect(stderr).toMatch(/^row 2: \w+: .*many/m)
  const [{ id, state }] = (await json('batches')).batches
  expect(state).toBe('succeeded')
  expect(await json('batches', id, '--errors')).toMatchObject({ errors: [{ row: 2 }] })
  expect((await run(['batches', id])).stdout).toMatch(/^add\/1 succeeded: 2 of 2 rows, 1 failed/)
  expect((await run(['cancel', id, '--batch', '--yes'])).code).toBe(5)
  expect((await run(['batch', 'add', 'rows.csv', '--ignore-unknown', '--out', 'batch.csv'])).code).toBe(0)
  expect(read('batch.csv')).toBe('id,x,prediction\na,1,2\nb,2.5,3.5\n')
})

test('texts -> a vector a line', async () => {
  const { stdout } = await run(['embed', 'texts', 'cheap', 'Serverless inference is cheap.'])
  const lines = stdout.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).length)).toEqual([8, 8])
  expect(await json('embed', 'texts', 'cheap')).toMatchObject({ tokens: 3, version: 'texts/1' })
})

test('statistics -> all calls for the owner, own ones for a consumer', async () => {
  const own = await json('stats', 'add')
  expect(own.model_stats[0].execution_count).toBeGreaterThan(0)
  expect((await run(['stats', 'add'])).stdout).toMatch(/^version +calls +failed +rows +mean ms +last call\nadd\/1/)
  const owners = await run(['stats', 'add', '--window', '1h'], stack.ownerKey)
  expect(owners.stdout).toMatch(/^version .*p95 ms.*\nadd\/1 .*\ntotal /)
  expect((await run(['stats', 'add', '--window', 'week'], stack.ownerKey)).code).toBe(1)
})

test('registrations -> how each ended; to a consumer refused', async () => {
  const { stdout } = await run(['registrations'], stack.ownerKey)
  expect(stdout).toMatch(/texts +succeeded +texts\/1/)
  expect((await run(['registrations'])).code).toBe(3)
})

test.for([
  [['predict', 'add', 'object.json'], 'expected an array of rows'],
  [['predict', 'add', '--async', '--row', '{}'], 'expected a file beside it'],
  [['cancel', 'x', '--call', '--batch'], 'got both'],
  [['batches', '--errors'], 'expected the id of a batch'],
  [['batch', 'add', 'rows.xls'], 'expected a file that ends in'],
] as const)('%j -> exit code 2: %s', async ([words, said]) => {
  const { code, stdout, stderr } = await run(words)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(said)
})
