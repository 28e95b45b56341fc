import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createFunctions, type FunctionsOptions } from '../../../local/functions/functions.ts'
import { functionResource, setup, until } from './setup.ts'

const probe = join(import.meta.dirname, 'fixtures', 'probe')

const runtime = async (options?: Partial<FunctionsOptions>) => {
  const lambda = await setup(options)
  onTestFinished(() => lambda.close())
  return lambda
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // A zombie of a killed parent waits for the machine's init; it runs nothing any more.
  const status = `/proc/${pid}/status`
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'))
}

test('calls one after the other -> one process, its state kept', async () => {
  const { add, call, functions } = await runtime()
  add('probe')
  const calls = []
  for (let index = 0; index < 20; index++) calls.push((await call('probe', { action: 'count' })).payload)
  expect(calls.map((one) => one.calls)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  expect(functions.environments()).toEqual([{ functionName: 'probe', pid: calls[0].pid, busy: false }])
})

test('ten calls at once, two environments allowed -> two processes, all answered', async () => {
  // However long the machine stalls, no call of 20 ms is a long one.
  const { add, call, functions } = await runtime({ longCallMs: 600_000 })
  add('probe')
  const answers = await Promise.all(Array.from({ length: 10 }, () => call('probe', { action: 'sleep', ms: 20 })))
  expect(new Set(answers.map(({ payload }) => payload.pid)).size).toBe(2)
  expect(functions.environments()).toHaveLength(2)
})

test('every environment at a long call -> another one for who waits, up to the larger cap, and gone again when idle', async () => {
  const { add, call, folder, functions } = await runtime({ mostEnvironments: 3, idleMs: 200 })
  add('probe')
  const mayEnd = join(folder, 'may-end')
  const hold = () => call('probe', { action: 'hold', until: mayEnd })
  const held = [hold(), hold()]
  await until(() => functions.environments().length === 2)
  expect((await call('probe', { action: 'count' })).payload.calls).toBe(1)
  expect(functions.environments().map(({ busy }) => busy)).toEqual([true, true, false])
  held.push(hold())
  const waiting = call('probe', { action: 'count' }).then(({ payload }) => payload)
  expect(functions.environments()).toHaveLength(3)
  // The call that waits gets none of its own, but the first that is free again.
  writeFileSync(mayEnd, '')
  const pids = (await Promise.all(held)).map(({ payload }) => payload.pid)
  expect(pids).toContain((await waiting).pid)
  await until(() => functions.environments().length === 0)
})

test('two calls that loop, a third whose environment never starts -> who comes after them is answered meanwhile', async () => {
  // A limit within which a busy machine starts the fourth: at its end the third would be begun anew.
  const { add, call, folder } = await runtime({ initLimitMs: 600_000 })
  const starts = mkdtempSync(join(folder, 'starts-'))
  add('third-hangs', { Timeout: 600, Environment: { Variables: { STARTS: starts } } }, 'third-hangs')
  for (let i = 0; i < 3; i++) void call('third-hangs', { spin: true }).catch(() => undefined)
  await until(() => existsSync(join(starts, '3')))
  expect((await call('third-hangs', {})).payload).toEqual({ number: 4 })
  expect(isAlive(Number(readFileSync(join(starts, '3'), 'utf8')))).toBe(true)
})

test('many short calls at once -> no environment over the cap, however long the last of them waits', {
  retry: 2,
}, async () => {
  // Longer than the default, so that a busy machine makes no long call of a short one; one that stalls longer still does.
  const { add, call, functions } = await runtime({ longCallMs: 3000 })
  add('probe')
  const seen: number[] = []
  const calls = Array.from({ length: 60 }, async () => {
    await call('probe', { action: 'sleep', ms: 20 })
    seen.push(functions.environments().length)
  })
  await Promise.all(calls)
  expect(Math.max(...seen)).toBe(2)
})

test.for([
  { reserved: 2, calls: 5, answered: 2 },
  { reserved: 0, calls: 1, answered: 0 },
])(
  'reserved concurrency $reserved, $calls calls at once -> $answered answered, the rest 429',
  async ({ reserved, calls, answered }) => {
    const { add, call } = await runtime()
    add('probe', { ReservedConcurrentExecutions: reserved })
    const outcomes = await Promise.allSettled(
      Array.from({ length: calls }, () => call('probe', { action: 'sleep', ms: 50 })),
    )
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(outcomes.length - refused.length).toBe(answered)
    for (const error of refused) expect(error).toMatchObject({ code: 'TooManyRequestsException', status: 429 })
  },
)

test('a process that exits between two calls -> the next call gets a new one', async () => {
  const { add, call, functions } = await runtime()
  add('probe')
  await call('probe', { action: 'exitLater' })
  await until(() => functions.environments().length === 0)
  expect((await call('probe', { action: 'count' })).payload.calls).toBe(1)
})

test('an idle environment -> ended after its idle time, its folder gone', async () => {
  const { add, call, functions } = await runtime({ idleMs: 50 })
  add('probe')
  const { payload } = await call('probe', { action: 'environment' })
  await until(() => functions.environments().length === 0 && !existsSync(payload.TMPDIR))
})

test('a layer -> exactly its packages, and not what they need', async () => {
  const { add, call, layer } = await runtime({ layerModules: [join(process.cwd(), 'node_modules')] })
  // fast-check needs pure-rand: in the folder of the project, in no manifest of the first function.
  add('without', {}, 'probe', [layer(['fast-check'])])
  add('with', {}, 'probe', [layer(['fast-check']), layer(['pure-rand'])])
  expect(await call('with', { action: 'require', name: 'fast-check' })).toMatchObject({ kind: 'answer' })
  expect((await call('with', { action: 'require', name: 'jsonata' })).payload.errorMessage).toMatch(
    /Cannot find module/,
  )
  const { payload } = await call('without', { action: 'require', name: 'fast-check' })
  expect(payload.errorMessage).toMatch(/Cannot find (module|package) 'pure-rand/)
})

test('a layer with a package that is not installed -> an error that names it', async () => {
  const { add, layer } = await runtime({ layerModules: [join(process.cwd(), 'node_modules')] })
  expect(() => add('probe', {}, 'probe', [layer(['no-such-package'])])).toThrow(/package no-such-package is not in/)
})

test('console lines -> in the log between START and REPORT, with time, request id and level', async () => {
  const { add, call, log } = await runtime()
  add('probe')
  await call('probe', { action: 'log', lines: ['first', 'second'] })
  await call('probe', { action: 'log', lines: ['third'] })
  const shapes = log('probe')
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME')
        .replace(/\d+(\.\d+)? (ms|MB)/g, 'N $2'),
    )
  const end = 'END RequestId: ID'
  const report = 'REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\tMax Memory Used: N MB'
  expect(shapes).toEqual([
    'START RequestId: ID Version: $LATEST',
    'TIME\tID\tINFO\tfirst',
    'TIME\tID\tINFO\tsecond',
    'TIME\tID\tERROR\tto standard error',
    end,
    `${report}\tInit Duration: N ms`,
    'START RequestId: ID Version: $LATEST',
    'TIME\tID\tINFO\tthird',
    'TIME\tID\tERROR\tto standard error',
    end,
    report,
  ])
})

test('LogFormat JSON -> every line of the platform and of console is JSON', async () => {
  const { add, call, log } = await runtime()
  add('probe', { LoggingConfig: { LogFormat: 'JSON' } })
  await call('probe', { action: 'log', lines: [{ model: 'cars' }] })
  const lines = log('probe')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { type: 'platform.start' },
    { level: 'INFO', message: { model: 'cars' } },
    { level: 'ERROR', message: 'to standard error' },
    { type: 'platform.report', record: { status: 'success', metrics: { memorySizeMB: 512 } } },
  ])
})

test('kill -9 of the runtime -> no process is left, and every accepted event runs after the restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-test-killed-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const appendTo = join(folder, 'appended')
  const parent = spawn(
    process.execPath,
    [join(import.meta.dirname, 'fixtures', 'parent.ts'), folder, probe, appendTo],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = await once(parent.stdout, 'data')
  parent.kill('SIGKILL')
  const environments: { functionName: string; pid: number }[] = JSON.parse(String(line))
  expect(environments.length).toBeGreaterThanOrEqual(3)
  const pidsOf = (test: (name: string) => boolean) =>
    environments.filter((one) => test(one.functionName)).map((one) => one.pid)
  await until(() => !pidsOf((name) => name !== 'working').some(isAlive))

  // A handler that keeps its thread busy cannot see the end of its parent: the next start ends it.
  const functions = await createFunctions({
    folder,
    logFolder: join(folder, 'logs'),
    environmentOf: () => ({}),
    authorize: () => undefined,
    sendToQueue: () => undefined,
    putEvent: () => undefined,
    now: Date.now,
    layerModules: [],
  })
  onTestFinished(() => functions.close())
  await until(() => !pidsOf(() => true).some(isAlive))
  functions.addFunction(functionResource('queued'), probe, [])
  functions.start()
  const appended = () => (existsSync(appendTo) ? readFileSync(appendTo, 'utf8').trim().split('\n') : [])
  await until(() => new Set(appended()).size === 20)
})
