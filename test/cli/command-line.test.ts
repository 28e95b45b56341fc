import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Reply, startService } from '../client/service.ts'
import { runHere } from './run-here.ts'

const percall = join(import.meta.dirname, '..', '..', 'bin', 'percall')

const nobody = join(tmpdir(), 'percall-nobody')

/** In this process, a tenth of what a process of its own costs: what the words say and end with is the same. */
const here = (words: readonly string[]) => runHere(words, { cwd: tmpdir(), env: { HOME: nobody } })

/** In a process, through bin/percall: what it prints and ends with is what its caller sees. */
const run = (words: readonly string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env.PATH, HOME: nobody }
    execFile(process.execPath, [percall, ...words], { env, cwd: tmpdir() }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })

const answering = async (...replies: readonly Reply[]): Promise<readonly string[]> => {
  const service = await startService(replies)
  onTestFinished(service.close)
  return ['--url', service.url, '--key', 'pc_live_test']
}

test.for([
  { words: ['modles'], said: 'models' },
  { words: ['models', '--jsn'], said: '--json' },
  {
    words: ['train', 'x.csv', '--targt', 'y', '--name', 'm'],
    said: "unknown option '--targt'\n  next: Did you mean --target?",
  },
  { words: ['train', 'x.csv', '--targt', 'y', '--name', 'm', '--json'], said: `"message":"unknown option '--targt'"` },
  { words: ['trigger', 'put', 'm', '--traget', 'y'], said: "unknown option '--traget'" },
  { words: ['train', 'x.csv', '--name', 'm'], said: "required option '--target <column>' not specified" },
  { words: ['train', 'x.csv', '--target', 'y'], said: '--name' },
  { words: ['predict', 'm'], said: '--row' },
  { words: ['price', 'm', '1'], said: '--per' },
  { words: ['models', '--url', 'http://x', '--key', 'id'], said: 'pc_live_' },
  { words: ['models', '--url', 'notaurl'], said: 'expected http:// or https:// and a host, got notaurl' },
  { words: ['models', '--key', ''], said: 'got an empty text' },
  { words: ['key', 'revoke', 'acme', 'k'], said: '--yes' },
])('$words -> exit code 2, nothing on stdout, a word on $said', async ({ words, said }) => {
  const { code, stdout, stderr } = await here(words)
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
  const ended = await here(['price', 'm', '1', '--per', 'call', '--json', ...place])
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' })
  const error = { code: 'SAID', message: 'what happened', hint: 'what to do', requestId: 'r1' }
  expect(JSON.parse(ended.stderr)).toEqual({ error })
})

const jsonReply = (body: unknown): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

test('a call that is not paid for -> why, and when it may be asked again; with --json too', async () => {
  const body = JSON.stringify({ code: 'PAYMENT_REQUIRED', error: 'payment: it costs', hint: 'h', reason: 'key limit' })
  const headers = { 'content-type': 'application/problem+json', 'retry-after': '3661' }
  const place = await answering({ status: 402, headers, body })
  const words = ['predict', 'm', '--row', '{"x":1}', ...place]
  expect((await run(words)).stderr).toMatch(
    /payment: it costs\n {2}reason: key limit\n {2}retry after: 3661 s\n {2}next: h\n/,
  )
  const error = { code: 'PAYMENT_REQUIRED', reason: 'key limit', retryAfterMs: 3_661_000 }
  expect(JSON.parse((await run([...words, '--json'])).stderr)).toMatchObject({ error })
})

test('a grant for a model that is not there -> given, with a warning; for one that is, or for all -> none', async () => {
  const consumer = { id: 'acme', plan: 'postpaid', grants: ['cars', 'crs'], createdAt: '2026-11-01T00:00:00Z' }
  const place = await answering(jsonReply(consumer), jsonReply({ models: [{ name: 'cars' }] }))
  const { code, stderr } = await run(['consumer', 'grant', 'acme', 'cars', 'crs', '*', ...place])
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^warning: there is no model crs yet.*\n$/),
  })
})

test('invoices, one of them a draft -> its amounts as they are now; what is below 0 said as what it is', async () => {
  const draft = {
    ...{ consumer: 'acme', month: '2026-11', state: 'draft', currency: 'EUR', total: '-1.5', due: '-1.5' },
    lines: [{ kind: 'free', model: 'cars', unit: 'row', units: '3', unitPrice: '0.5', amount: '-1.5' }],
    paid: [],
  }
  const place = await answering(jsonReply({ invoices: [{ month: '2026-11', state: 'draft' }] }), jsonReply(draft))
  const listed = await run(['invoice', 'acme', ...place])
  expect(listed.stdout).toMatch(/2026-11 +draft +- +-1\.5 +-1\.5 +EUR\n/)
  expect(listed.stderr).toBe('percall invoice acme 2026-11 shows its lines\n')
  const shown = await run(['invoice', 'acme', '2026-11', ...(await answering(jsonReply(draft)))])
  expect(shown.stdout).toMatch(/cars, free units +3 +row +-0\.5 +-1\.5\n/)
  expect(shown.stdout).toMatch(/in the consumer's favour +1\.5\n/)
})

test('invoices, a draft of which was closed with nothing meanwhile -> its line without amounts, the others whole', async () => {
  const months = ['2026-11', '2026-10'].map((month) => ({ month, state: 'draft' }))
  const gone = { code: 'UNKNOWN_INVOICE', error: 'invoice of acme for 2026-11: nothing was used' }
  const place = await answering(
    jsonReply({
      invoices: [...months, { month: '2026-09', state: 'final', number: 7, currency: 'EUR', total: '2', due: '2' }],
    }),
    { status: 404, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify(gone) },
    jsonReply({ currency: 'EUR', total: '1.5', due: '1.5' }),
  )
  const { code, stdout } = await run(['invoice', 'acme', '--json', ...place])
  expect(code).toBe(0)
  const { invoices } = JSON.parse(stdout)
  // Drafts are read at once: which of them is answered first is not told.
  expect(invoices.map(({ total }: { total?: string }) => total).toSorted()).toEqual(['1.5', '2', undefined])
  expect(invoices.map(({ month }: { month: string }) => month)).toEqual(['2026-11', '2026-10', '2026-09'])
})

test('a consumer that is there -> exit code 5, and the commands that show and change it', async () => {
  const body = JSON.stringify({ code: 'CONFLICT', error: 'consumer acme: it is in use', hint: 'read the thing again' })
  const place = await answering({ status: 409, headers: { 'content-type': 'application/problem+json' }, body })
  const { code, stderr } = await here(['consumer', 'create', 'acme', ...place])
  expect(code).toBe(5)
  expect(stderr).toMatch(
    /error: consumer acme: it is in use\n {2}next: percall consumer show acme shows it, consumer plan/,
  )
})

test.for([
  [
    ['train', 'a.csv', '--name', 'm', '--target', 'y', '--task', 'rgression'],
    'percall train --help shows the arguments',
  ],
  [['consumer', 'grant'], 'percall consumer grant --help shows the arguments'],
  [['consumer', '--odd'], 'percall consumer --help shows the commands'],
] as const)('the wrong words %j -> exit code 2, and the help of that command', async ([words, next]) => {
  const { code, stderr } = await here(words)
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`  next: ${next}`) })
})

test('a reconciliation that met a fault -> the fault is of the service, and its hint asks for no request id', async () => {
  const error = { code: 'INTERNAL', message: 'it met a fault', hint: 'begin another one' }
  const place = await answering(jsonReply({ id: 'r1', state: 'failed', hours: 0, error }))
  const { code, stderr } = await here(['reconcile', ...place])
  expect(code).toBe(1)
  expect(stderr).toMatch(/next: begin another one\n {2}docs: .*\n {2}fault: the service's\n/)
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
    expect((await here(['models', ...place])).stderr).toMatch(said)
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
  const { code, stderr } = await here(['train', file, '--name', 'm', ...options, ...place])
  expect(code).toBe(1)
  expect(stderr).toContain(said)
  expect(stderr).not.toContain('unknown')
  expect(service.seen).toEqual([])
})

test('a wrong command -> exit code 2 of its process, a word on what was meant', async () => {
  const { code, stdout, stderr } = await run(['modles'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('models')
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

const ownerOnly: Reply = {
  ...{ status: 403, headers: { 'content-type': 'application/problem+json' } },
  body: JSON.stringify({ code: 'OWNER_ONLY', error: 'expected an owner key, got consumer key k', hint: 'h' }),
}

test("models and versions with a consumer's key -> those that it may call", async () => {
  const place = await answering(ownerOnly, jsonReply({ models: ['cars', 'own'] }))
  expect(await here(['models', ...place])).toEqual({ code: 0, stdout: 'model\ncars\nown\n', stderr: '' })
  const metadata = { name: 'cars', versions: ['1', '2'], platform: 'p', inputs: [], outputs: [] }
  const other = await answering(ownerOnly, jsonReply(metadata))
  expect(JSON.parse((await here(['versions', 'cars', '--json', ...other])).stdout)).toEqual({
    versions: [{ version: 1 }, { version: 2 }],
  })
})

test('a second push -> its version, and that calls still get the first', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'percall-push-')), 'own.onnx')
  onTestFinished(() => rmSync(dirname(file), { recursive: true }))
  writeFileSync(file, 'x')
  const version = { name: 'own', version: 2, digest: 'd', inputs: [], outputs: [], probe: null }
  const place = await answering(
    jsonReply(version),
    jsonReply({ name: 'own', aliases: { live: 1 } }),
    jsonReply({ prices: [{}] }),
  )
  const { stdout, stderr } = await here(['push', 'own', file, ...place])
  expect(stdout).toMatch(/^own\/2 /)
  expect(stderr).toBe('live is still version 1: calls of own get that; move it: percall alias own live 2\n')
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
    'explain',
    'batch',
    'batches',
    'embed',
    'calls',
    'call',
    'runs',
    'cancel',
    'trigger',
    'models',
    'versions',
    'optimise',
    'registrations',
    'alias',
    'key',
    'consumer',
    'credit',
    'invoice',
    'adjust',
    'export',
    'price',
    'usage',
    'reconcile',
    'audit',
    'stats',
    'logs',
    'commands',
  ])
  const train = tree.commands.find(({ name }) => name === 'train')
  expect(train?.options.map(({ flags }) => flags)).toContain('--split-key <column>')
})
