/** Files of more rows than one call takes: what is written, charged and told when a later call is refused, and quotes of all calls. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { explainedRowsOfCall } from '../../cli/explain-calls.ts'
import { type Reply, startService } from '../client/service.ts'
import { runHere } from './run-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'percall-in-calls-'))
afterAll(() => rmSync(folder, { recursive: true }))

const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)
const rows = 1100
writeFileSync(join(folder, 'rows.csv'), `x\n${numbers(0, rows).join('\n')}\n`)
writeFileSync(join(folder, 'few.csv'), `x\n${numbers(0, 250).join('\n')}\n`)

const json = { 'content-type': 'application/json' }
const facts = (units: number, cost: string) => ({
  ...{ ...json, 'percall-version': 'm/3', 'percall-units': String(units), 'percall-cost': cost },
})
const predicted = (from: number, to: number): Reply => ({
  ...{ status: 200, headers: facts(to - from, '0.1') },
  body: JSON.stringify({ predictions: numbers(from, to) }),
})
const explained = (from: number, to: number): Reply => {
  const common = { method: 'linear', output: 'value', columns: 'column', language: 'en', modelRows: to - from }
  const background = { kind: 'version', rows: 5 }
  const explanations = numbers(from, to).map((x) => ({
    ...{ baseValue: 0, prediction: x, answer: x, additivityError: 0, sentence: `It is ${x}.` },
    contributions: [{ name: 'x', value: x, contribution: x }],
  }))
  const body = JSON.stringify({ ...common, background, explanations })
  return { status: 200, headers: facts(to - from, '0.25'), body }
}
const quoted = (count: number, cost: string): Reply => {
  const price = { unit: 'row', amount: '0.001', minimumPerCall: '0.25' }
  const own = { name: 'm', version: 3, for: 'predict', rows: count, units: count, cost, currency: 'USD', price }
  return { status: 200, headers: json, body: JSON.stringify({ ...own, until: '2026-01-01T01:00:00.000Z' }) }
}
const refused: Reply = {
  ...{ status: 402, headers: { 'content-type': 'application/problem+json' } },
  body: JSON.stringify({ code: 'PAYMENT_REQUIRED', error: 'balance: expected 0.1, got 0', hint: 'ask for credit' }),
}

const run = async (words: readonly string[], replies: readonly Reply[]) => {
  const service = await startService(replies)
  onTestFinished(service.close)
  const env = { HOME: folder, PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  const ran = await runHere(words, { cwd: folder, env })
  const calls = service.seen.filter(({ method }) => method === 'POST')
  const sent = calls.map(({ url, body }) => [url, JSON.parse(body).instances.map(({ x }: { x: string }) => +x)])
  return { ...ran, sent }
}
const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

test('a prediction whose second call is refused -> the first is written, and the error says how to go on', async () => {
  const words = ['predict', 'm@live', 'rows.csv', '--ignore-unknown', '--out', 'out.csv']
  // What the model takes cannot be read here, which keeps nobody from the call.
  const { code, stdout, stderr, sent } = await run(words, [refused, predicted(0, 500), refused])
  expect({ code, stdout }).toEqual({ code: 7, stdout: '' })
  expect(read('out.csv').split('\n')).toEqual(['x,prediction', ...numbers(0, 500).map((x) => `${x},${x}`), ''])
  expect(sent).toEqual([
    ['/v1/models/m%40live:predict?unknown=ignore', numbers(0, 500)],
    ['/v1/models/m%403:predict?unknown=ignore', numbers(500, 1000)],
  ])
  expect(stderr).toMatch(/^500 of 1100 rows \.\.\.\nm\/3: calls 1, units 500, cost 0\.1\n/)
  expect(stderr).toContain('the call with rows 501 to 1000 of 1100: balance: expected 0.1, got 0\n')
  expect(stderr).toContain(
    'next: ask for credit; rows 1 to 500 are answered, charged and written, go on with: percall predict m@3 rows.csv --ignore-unknown --out ANOTHER --skip 500\n',
  )
})

test('a cell that is refused -> its row in the file, from 1, whichever call it was in', async () => {
  const cell = { code: 'BAD_CELL', error: 'row 3, column x: expected a number, got "big"', hint: 'send a number' }
  const bad = { ...refused, status: 400, body: JSON.stringify(cell) }
  writeFileSync(join(folder, 'rows.json'), '[[1],[2],[3],["big"]]')
  const said = async (words: readonly string[], replies: readonly Reply[]) => (await run(words, replies)).stderr
  expect(await said(['predict', 'm', 'rows.csv'], [bad])).toContain('error: row 4, column x: expected a number')
  expect(await said(['predict', 'm', 'rows.json', '--skip', '2'], [bad])).toContain('error: row 6, column x: ')
  expect(await said(['predict', 'm', 'rows.csv', '--skip', '10'], [predicted(10, 510), bad])).toContain(
    'error: the call with rows 511 to 1010 of 1100: row 514, column x: expected a number',
  )
  expect(await said(['explain', 'm', 'few.csv', '--skip', '50'], [explained(50, 150), bad])).toContain(': row 154, ')
})

test.for([
  ['semicolons behind a byte order mark', '\uFEFFx;y\n"1;0";2\n', { x: '1;0', y: '2' }],
  ['tabs', 'x\ty\n1,5\t2\n', { x: '1,5', y: '2' }],
] as const)('a file with %s -> its cells, as training reads them', async ([, text, row]) => {
  writeFileSync(join(folder, 'other.csv'), text)
  const service = await startService([predicted(0, 1)])
  onTestFinished(service.close)
  const env = { HOME: folder, PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  const { code, stderr } = await runHere(['predict', 'm', 'other.csv'], { cwd: folder, env })
  expect(code, stderr).toBe(0)
  expect(JSON.parse(service.seen[0]!.body)).toEqual({ instances: [row] })
})

test('the service and the profile of the command -> they are in the command to go on with, the key is not', async () => {
  const service = await startService([predicted(0, 500), refused])
  onTestFinished(service.close)
  const words = ['--url', service.url, '--key', 'pc_live_test', '--json', 'predict', 'm', 'rows.csv']
  const { stderr } = await runHere(words, { cwd: folder, env: { HOME: folder } })
  expect(JSON.parse(stderr.trim().split('\n').at(-1)!).error.hint).toContain(
    `go on with: percall --url ${service.url} --json predict m@3 rows.csv --skip 500`,
  )
})

test.for([
  ['predict', '--out', 'none/out.csv'],
  ['explain', '--html', 'none/page.html'],
  ['explain', '--out', '.'],
] as const)('%s %s %s, which cannot be written -> refused before a call is made', async ([command, option, path]) => {
  const { code, stderr, sent } = await run([command, 'm', 'few.csv', option, path], [])
  expect({ code, sent }).toEqual({ code: 1, sent: [] })
  expect(stderr).toMatch(new RegExp(`^error: ${option} ${path}: expected a file that can be written, `))
})

test('the same gone on with -> the rest, in as few calls, and its rows are told by their place in the file', async () => {
  const words = ['predict', 'm@3', 'rows.csv', '--skip', '500', '--json']
  const rest = await run(words, [predicted(500, 1000), predicted(1000, rows)])
  expect(rest.sent.map(([, own]) => own)).toEqual([numbers(500, 1000), numbers(1000, rows)])
  expect(rest.code, rest.stderr).toBe(0)
  expect(JSON.parse(rest.stdout)).toEqual({
    predictions: numbers(500, rows),
    ...{ version: 'm/3', calls: 2, units: 600, cost: '0.2' },
  })
  const stopped = await run(words, [predicted(500, 1000), refused])
  expect(JSON.parse(stopped.stdout)).toMatchObject({ calls: 1, units: 500 })
  expect(JSON.parse(stopped.stderr.split('\n').at(-2)!).error).toEqual({
    ...{ code: 'PAYMENT_REQUIRED', message: expect.stringMatching(/^the call with rows 1001 to 1100 of 1100: /) },
    hint: expect.stringMatching(/rows 501 to 1000 are answered.*m@3 rows\.csv --skip 1000$/),
  })
})

test('an explanation whose third call is refused -> 200 rows are written on every page, and the error says how to go on', async () => {
  const words = ['explain', 'm', 'few.csv', '--lang', 'zh', '--html', 'page.html', '--out', 'out.json']
  const { code, stdout, stderr, sent } = await run(words, [explained(0, 100), explained(100, 200), refused])
  expect({ code, stdout }).toEqual({ code: 7, stdout: '' })
  expect(sent).toEqual([
    ['/v1/models/m:explain?unknown=refuse', numbers(0, 100)],
    ['/v1/models/m%403:explain?unknown=refuse', numbers(100, 200)],
    ['/v1/models/m%403:explain?unknown=refuse', numbers(200, 250)],
  ])
  const out = JSON.parse(read('out.json'))
  expect(out).toMatchObject({ version: 'm/3', calls: 2, units: 200, cost: '0.5', modelRows: 200, method: 'linear' })
  expect(out.explanations.map(({ answer }: { answer: number }) => answer)).toEqual(numbers(0, 200))
  expect(read('page.html').match(/<section>/g)).toHaveLength(200)
  expect(stderr).toMatch(
    /^100 of 250 rows \.\.\.\n200 of 250 rows \.\.\.\npage: page\.html\nm\/3: linear, explained rows 200, calls 2/,
  )
  expect(stderr).toContain('the call with rows 201 to 250 of 250: balance')
  expect(stderr).toContain(
    'go on with: percall explain m@3 few.csv --lang zh --out ANOTHER --html ANOTHER.html --method linear --skip 200\n',
  )
})

test.for([
  ['predict', 'rows.csv', [500, 500, 100], 'cost 0.75 USD as 3 calls'],
  ['explain', 'few.csv', [100, 100, 50], 'cost 0.75 USD as 3 calls'],
] as const)('a quote of %s with a file of several calls -> all of them, each with its minimum', async (asked) => {
  const [command, file, counts, said] = asked
  const replies = counts.map((count) => quoted(count, '0.25'))
  const { stdout, sent } = await run([command, 'm', file, '--quote'], replies)
  const total = counts.reduce((sum, count) => sum + count, 0)
  expect(stdout).toBe(`m/3: ${total} x row at 0.001, ${said} until 2026-01-01T01:00:00.000Z\n`)
  expect(sent.map(([, own]) => own.length)).toEqual(counts)
  expect(sent.map(([url]) => url)).toEqual([
    `/v1/models/m:quote?unknown=refuse&for=${command}`,
    ...counts.slice(1).map(() => `/v1/models/m%403:quote?unknown=refuse&for=${command}`),
  ])
})

test.for([
  ['predict', 'rows.csv', ['--skip', '400'], [500, 200], [400, rows]],
  ['explain', 'few.csv', ['--skip', '120'], [100, 30], [120, 250]],
  ['explain', 'few.csv', ['--skip', '120', '--async'], [130], [120, 250]],
] as const)(
  'a quote of %s %s %j -> the calls that would be made',
  async ([command, file, options, counts, [from, to]]) => {
    const replies = counts.map((count) => quoted(count, '0.25'))
    const { stdout, sent } = await run([command, 'm', file, '--quote', ...options], replies)
    expect(sent.flatMap(([, own]) => own)).toEqual(numbers(from, to))
    expect(sent.map(([, own]) => own.length)).toEqual(counts)
    expect(stdout).toContain(counts.length === 1 ? 'as one call' : `as ${counts.length} calls`)
  },
)

test('rows of several calls with --async -> one call, of those that are not skipped', async () => {
  const call = { id: 'c1', state: 'queued', model: 'm', version: 3, createdAt: '2026-01-01T00:00:00.000Z' }
  const accepted = { status: 202, headers: { ...json, location: '/v1/calls/c1' }, body: JSON.stringify(call) }
  const service = await startService([accepted, { ...accepted, status: 200 }])
  onTestFinished(service.close)
  const env = { HOME: folder, PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test' }
  const words = ['explain', 'm', 'few.csv', '--async', '--skip', '50']
  const { code, stdout, stderr } = await runHere(words, { cwd: folder, env })
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: 'c1\n' })
  expect(service.seen.map(({ method }) => method)).toEqual(['POST', 'GET'])
  expect(JSON.parse(service.seen[0]!.body).instances).toHaveLength(200)
})

test("a quote with an owner's key -> free, and what a consumer would pay for all calls", async () => {
  const consumers = { units: 500, cost: '0.5', price: { unit: 'row', amount: '0.001' } }
  const replies = [500, 500, 100].map((count): Reply => {
    const own = {
      name: 'm',
      version: 3,
      for: 'predict',
      rows: count,
      units: 1,
      cost: '0',
      currency: 'USD',
      price: null,
    }
    const until = '2026-01-01T01:00:00.000Z'
    return {
      status: 200,
      headers: json,
      body: JSON.stringify({ ...own, until, consumers: { ...consumers, units: count } }),
    }
  })
  const { stdout } = await run(['predict', 'm', 'rows.csv', '--quote'], replies)
  const theirs = '1100 x row at 0.001, cost 1.5 USD as 3 calls until 2026-01-01T01:00:00.000Z'
  expect(stdout).toBe(`m/3: free with an owner's key; a consumer pays ${theirs}\n`)
})

test.for([
  [{ a: 1, b: 'x' }, {}, 100],
  [new Array(1000).fill(0), {}, 40],
  [{ x: new Array(784).fill(0) }, {}, 51],
  [new Array(100).fill(0), { interactions: true }, 20],
  [{ x: new Array(9000).fill(0) }, { interactions: true }, 1],
] as const)(
  'rows like %$ -> so many in a call that their explanations pass the gateway',
  ([instance, options, most]) => {
    expect(explainedRowsOfCall(instance, options)).toBe(most)
  },
)

test.for([
  [['predict', 'm', 'rows.csv', '--skip', '1100'], '--skip: expected a whole number below the 1100 rows of the file'],
  [['explain', 'm', 'few.csv', '--skip', 'x'], '--skip: expected a whole number below the 250 rows'],
  [['predict', 'm', 'rows.csv', '--skip', '1', '--async'], '--skip: expected a file whose rows are answered at once'],
  [
    ['predict', 'm', 'rows.csv', '--idempotency-key', 'k', '--async'],
    '--idempotency-key: expected rows that are answered',
  ],
  [['explain', 'm', 'few.csv', '--idempotency-key', 'k', '--quote'], 'a quote is free: leave the key out'],
  [['explain', 'm', 'few.csv', '--method', 'magic'], '--method'],
  [['explain', 'm', 'few.csv', '--lang', 'tlh'], '--lang'],
] as const)('%j -> exit code 2, %s', async ([words, said]) => {
  const { code, stderr, sent } = await run(words, [refused])
  expect({ code, sent }).toEqual({ code: 2, sent: [] })
  expect(stderr).toContain(said)
})

test.for([
  [['--class', 'whale'], 'BAD_REQUEST', 'class whale: expected one of a, b', 'change --class, or leave it out'],
  [
    ['--counterfactual', '--fixed', 'y'],
    'UNKNOWN_COLUMN',
    'counterfactual.fixed: expected x, got y',
    'change --fixed, or leave it out',
  ],
  [
    ['--counterfactual'],
    'WRONG_TASK',
    'counterfactual: expected a trained model',
    'change --counterfactual, or leave it out',
  ],
  [[], 'UNKNOWN_COLUMN', 'row 0: expected y, got x as well', 'add --ignore-unknown'],
  [[], 'BAD_REQUEST', 'instances: expected an array', 'percall COMMAND --help lists the options'],
] as const)(
  'explain %j that is refused with %s -> a next step of the command line',
  async ([options, code, error, said]) => {
    const body = JSON.stringify({ code, error, hint: 'compare the body with docs/http.md' })
    const { stderr } = await run(['explain', 'm', 'few.csv', ...options], [{ ...refused, status: 400, body }])
    expect(stderr).toContain(`error: ${error.replace('row 0', 'row 1')}\n`)
    expect(stderr).toMatch(new RegExp(`  next: .*${said}.*\n  docs: docs/errors.md \\(${code}\\)`))
    expect(stderr).not.toContain('http.md')
  },
)
