import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Reply, startService } from '../client/service.ts'

const percall = join(import.meta.dirname, '..', '..', 'bin', 'percall')

const run = (words: readonly string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env.PATH, HOME: join(tmpdir(), 'percall-nobody') }
    execFile(process.execPath, [percall, ...words], { env, cwd: tmpdir() }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })

const answering = async (reply: Reply): Promise<readonly string[]> => {
  const service = await startService([reply])
  onTestFinished(service.close)
  return ['--url', service.url, '--key', 'pc_live_test']
}

test.for([
  { words: ['modles'], said: 'models' },
  { words: ['models', '--jsn'], said: '--json' },
  { words: ['train', 'x.csv', '--targt', 'y', '--name', 'm'], said: '--target' },
  { words: ['train', 'x.csv', '--target', 'y'], said: '--name' },
  { words: ['predict', 'm'], said: '--row' },
  { words: ['price', 'm', '1'], said: '--per' },
  { words: ['models', '--url', 'http://x', '--key', 'id'], said: 'pc_live_' },
  { words: ['models', '--url', 'notaurl'], said: 'expected http:// or https:// and a host, got notaurl' },
  { words: ['models', '--key', ''], said: 'got an empty text' },
  { words: ['key', 'revoke', 'acme', 'k'], said: '--yes' },
])('$words -> exit code 2, nothing on stdout, a word on $said', async ({ words, said }) => {
  const { code, stdout, stderr } = await run(words)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(said)
})

test.for([
  [400, 1],
  [401, 3],
  [402, 7],
  [403, 3],
  [404, 4],
  [409, 5],
  [412, 5],
  [413, 1],
  [501, 1],
] as const)('an answer %i -> exit code %i, with --json one error object on stderr', async ([status, code]) => {
  const body = JSON.stringify({ code: 'SAID', error: 'what happened', hint: 'what to do', requestId: 'r1' })
  const place = await answering({ status, headers: { 'content-type': 'application/problem+json' }, body })
  const ended = await run(['price', 'm', '1', '--per', 'call', '--json', ...place])
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' })
  const error = { code: 'SAID', message: 'what happened', hint: 'what to do', requestId: 'r1' }
  expect(JSON.parse(ended.stderr)).toEqual({ error })
})

test('no service -> exit code 6, its typical cause and what to do', async () => {
  const service = await startService([{ status: 200 }])
  await service.close()
  const { code, stderr } = await run(['models', '--url', service.url, '--key', 'pc_live_x'])
  expect(code).toBe(6)
  expect(stderr).toMatch(
    /typically caused by: no service runs at this address\n {2}next: start one with "percall start"/,
  )
})

test.for([
  ['UNKNOWN_COLUMN', /next: .*--ignore-unknown\n {2}docs: docs\/errors\.md \(UNKNOWN_COLUMN\)\n/],
  ['UNKNOWN_MODEL', /next: percall models lists the models\n {2}docs:/],
  ['SAID', /next: GET \/said\n {2}fault: yours/],
] as const)(
  "the service's code %s -> the command line's hint, and the document only of a code it has",
  async ([code, said]) => {
    const body = JSON.stringify({ code, error: 'row 0: what happened', hint: 'GET /said' })
    const place = await answering({ status: 400, headers: { 'content-type': 'application/problem+json' }, body })
    expect((await run(['models', ...place])).stderr).toMatch(said)
  },
)

test.for([
  { given: 'a target', options: ['--target', 'zzz'], said: 'target: expected one of x1, x2, y, got zzz' },
  { given: 'a column', options: ['--target', 'y', '--drop', 'zzz'], said: 'expected names among x1, x2, y, got zzz' },
  { given: 'a type', options: ['--target', 'y', '--type', 'zzz=date'], said: 'names among x1, x2, y, got zzz' },
  { given: 'a budget', options: ['--target', 'y', '--budget', '5'], said: 'budget: expected a duration such as 5m' },
])('train with $given that the service would refuse -> no request at all', async ({ options, said }) => {
  const service = await startService([{ status: 500 }])
  onTestFinished(service.close)
  const file = join(import.meta.dirname, '..', '..', 'examples', 'worked-example', 'data.csv')
  const place = ['--url', service.url, '--key', 'pc_live_test']
  const { code, stderr } = await run(['train', file, '--name', 'm', ...options, ...place])
  expect(code).toBe(1)
  expect(stderr).toContain(said)
  expect(stderr).not.toContain('unknown')
  expect(service.seen).toEqual([])
})

test('no credentials -> an error without a request', async () => {
  const { code, stderr } = await run(['models', '--json'])
  expect(code).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'NO_CREDENTIALS' } })
})

test('a listing -> one JSON object, or a table', async () => {
  const model = { name: 'cars', lastVersion: 2, aliases: { live: 2 }, createdAt: '2026-11-24T00:00:00.000Z' }
  const headers = { 'content-type': 'application/json' }
  const place = await answering({ status: 200, headers, body: JSON.stringify({ models: [model] }) })
  expect(JSON.parse((await run(['models', '--json', ...place])).stdout)).toEqual({ models: [model] })
  expect((await run(['models', ...place])).stdout).toBe(
    'model  versions  aliases    created\ncars          2  live -> 2  2026-11-24T00:00:00.000Z\n',
  )
})

test('percall commands --json -> every command with its options', async () => {
  const { code, stdout } = await run(['commands', '--json'])
  const tree = JSON.parse(stdout) as { commands: { name: string; options: { flags: string }[] }[] }
  expect(code).toBe(0)
  expect(tree.commands.map(({ name }) => name)).toEqual([
    'start',
    'push',
    'pull',
    'train',
    'predict',
    'evaluate',
    'batch',
    'batches',
    'embed',
    'calls',
    'call',
    'runs',
    'cancel',
    'models',
    'versions',
    'registrations',
    'alias',
    'key',
    'consumer',
    'price',
    'usage',
    'stats',
    'logs',
    'commands',
  ])
  const train = tree.commands.find(({ name }) => name === 'train')
  expect(train?.options.map(({ flags }) => flags)).toContain('--split-key <column>')
})
