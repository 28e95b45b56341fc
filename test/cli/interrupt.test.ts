/** Ctrl-C in the calls of a file, in a process of its own: what was answered is written, and nothing is paid twice. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type Reply, startService } from '../client/service.ts'
import { runHere } from './run-here.ts'

const percall = join(import.meta.dirname, '..', '..', 'bin', 'percall')
const folder = mkdtempSync(join(tmpdir(), 'percall-interrupt-'))
afterAll(() => rmSync(folder, { recursive: true }))

const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)
writeFileSync(join(folder, 'rows.csv'), `x\n${numbers(0, 1100).join('\n')}\n`)
writeFileSync(join(folder, 'few.csv'), `x\n${numbers(0, 250).join('\n')}\n`)
writeFileSync(join(folder, 'rows.json'), '[[1],[2]]')

const facts = (units: number) => ({
  ...{ 'content-type': 'application/json', 'percall-version': 'm/3' },
  ...{ 'percall-units': String(units), 'percall-cost': '0.1' },
})
const predicted = (from: number, to: number) => ({
  ...{ status: 200, headers: facts(to - from) },
  body: JSON.stringify({ predictions: numbers(from, to) }),
})
const explained = (from: number, to: number) => {
  const common = { method: 'linear', output: 'value', columns: 'column', language: 'en', modelRows: to - from }
  const explanations = numbers(from, to).map((x) => ({
    ...{ baseValue: 0, prediction: x, answer: x, additivityError: 0, sentence: `It is ${x}.` },
    contributions: [{ name: 'x', value: x, contribution: x }],
  }))
  const body = JSON.stringify({ ...common, background: { kind: 'version', rows: 5 }, explanations })
  return { status: 200, headers: facts(to - from), body }
}

const started = async (replies: readonly Reply[]) => {
  const service = await startService(replies)
  onTestFinished(service.close)
  const env = { PERCALL_URL: service.url, PERCALL_KEY: 'pc_live_test', HOME: folder }
  return { ...service, env }
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await setTimeout(20)
}

/** A command in a process, which `stopping` ends by signals. */
const begin = (words: readonly string[], env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [percall, ...words], { cwd: folder, env: { ...env, PATH: process.env.PATH } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (text) => {
      said[name] += text
    })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const stop = async () => {
    child.kill('SIGINT')
    await until(() => said.stderr.includes('stopping when the call under way is answered'))
  }
  const stopAtOnce = async () => {
    await stop()
    // What comes within half a second is taken for the same Ctrl-C.
    await setTimeout(700)
    child.kill('SIGINT')
    return await ended
  }
  return { said, ended, stop, stopAtOnce }
}

/** Rows that each request had, and its idempotency key. */
const sentTo = ({ seen }: Awaited<ReturnType<typeof startService>>) =>
  seen.map(({ url, body, headers }) => ({ url, body, key: headers['idempotency-key'] }))

/** The command that a message names, as words: none of them is quoted here. */
const commandIn = (stderr: string): readonly string[] => {
  const found = /percall ((?:--json )?(?:predict|explain) .*?)(?: gets its answer.*)?$/m.exec(stderr)?.[1]
  return (found ?? '').split(' ')
}

test('Ctrl-C in the second of three calls -> it is waited for, two are written, and how to go on with the third', async () => {
  const running: { stop?: () => Promise<void> } = {}
  const service = await started([
    predicted(0, 500),
    { ...predicted(500, 1000), before: () => running.stop!() },
    { status: 500 },
  ])
  const { said, ended, stop } = begin(['predict', 'm', 'rows.csv', '--out', 'out.csv'], service.env)
  running.stop = stop
  expect(await ended, said.stderr).toBe(130)
  expect(service.seen).toHaveLength(2)
  const lines = readFileSync(join(folder, 'out.csv'), 'utf8').trim().split('\n')
  expect(lines).toEqual(['x,prediction', ...numbers(0, 1000).map((x) => `${x},${x}`)])
  expect(said.stderr).toContain('the call with rows 1001 to 1100 of 1100: stopped before it was sent\n')
  expect(said.stderr).toContain(
    'rows 1 to 1000 are answered, charged and written, go on with: percall predict m@3 rows.csv --out ANOTHER --skip 1000\n',
  )
  expect(said.stderr).not.toContain('fault')
})

test.for([
  ['predict', 'rows.csv', [predicted(0, 500), 'silence'], [predicted(500, 1000), predicted(1000, 1100)]],
  ['explain', 'few.csv', [explained(0, 100), 'silence'], [explained(100, 200), explained(200, 250)]],
] as const)(
  'a second Ctrl-C under %s -> the first call is written; going on asks again with the same key',
  async (given) => {
    const [command, file, before, after] = given
    const service = await started(before)
    const { said, stopAtOnce } = begin([command, 'm', file, '--out', `${command}.out`, '--json'], service.env)
    await until(() => service.seen.length === 2)
    expect(await stopAtOnce(), said.stderr).toBe(130)
    expect(JSON.parse(said.stdout)).toMatchObject({ calls: 1, version: 'm/3' })
    const { message, hint } = JSON.parse(said.stderr.trim().split('\n').at(-1)!).error
    expect(message).toMatch(
      /^the call with rows \d+ to \d+ of \d+: stopped while it was under way, so it may be charged$/,
    )
    const on = await started(after)
    const ran = await runHere(commandIn(hint), { cwd: folder, env: on.env })
    expect(ran.code, ran.stderr).toBe(0)
    expect(sentTo(on)[0]).toEqual(sentTo(service)[1])
    expect(new Set([...sentTo(service), ...sentTo(on)].map(({ key }) => key)).size).toBe(3)
  },
)

test.for([
  ['predict', 'rows.csv', [predicted(0, 500), predicted(500, 1000), predicted(1000, 1100)]],
  ['predict', 'rows.json', [predicted(0, 2)]],
  ['explain', 'few.csv', [explained(0, 100), explained(100, 200), explained(200, 250)]],
] as const)(
  'a second Ctrl-C in the first call of %s %s -> the command that gets its answer, charged once',
  async (given) => {
    const [command, file, after] = given
    const service = await started(['silence'])
    const { said, stopAtOnce } = begin([command, 'm', file], service.env)
    await until(() => service.seen.length === 1)
    expect(await stopAtOnce(), said.stderr).toBe(130)
    const on = await started(after)
    const ran = await runHere(commandIn(said.stderr), { cwd: folder, env: on.env })
    expect(ran.code, ran.stderr).toBe(0)
    expect(sentTo(on)[0]).toEqual(sentTo(service)[0])
  },
)

test('a connection that ends in the second call -> the command to go on with has its key', async () => {
  const service = await started([predicted(0, 500), 'hang up'])
  const { code, stderr } = await runHere(['predict', 'm', 'rows.csv'], { cwd: folder, env: service.env })
  expect(code).toBe(6)
  expect(commandIn(stderr)).toEqual([
    'predict',
    'm@3',
    'rows.csv',
    '--idempotency-key',
    expect.any(String),
    '--skip',
    '500',
  ])
})

test('the same --idempotency-key and rows -> the same keys of its calls; other rows -> others; none -> new ones', async () => {
  const keys = async (...words: readonly string[]) => {
    const service = await started([predicted(0, 500), predicted(500, 1000), predicted(1000, 1100)])
    await runHere(['predict', 'm', 'rows.csv', ...words], { cwd: folder, env: service.env })
    return sentTo(service).map(({ key }) => key)
  }
  const first = await keys('--idempotency-key', 'monday')
  expect(new Set(first).size).toBe(3)
  expect(await keys('--idempotency-key', 'monday')).toEqual(first)
  expect(await keys('--idempotency-key', 'tuesday')).not.toEqual(first)
  expect(await keys()).not.toEqual(await keys())
  const empty = await runHere(['predict', 'm', 'rows.csv', '--idempotency-key', ''], { cwd: folder, env: {} })
  expect(empty.code).not.toBe(0)
})
