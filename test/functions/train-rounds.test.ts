import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { estimators } from '../../src/estimators/list.ts'
import type { RunSpec } from '../../src/run/spec.ts'
import { openTrainingService, overlapping, type TrainingService } from './training-service.ts'

let service: TrainingService
beforeAll(async () => {
  service = await openTrainingService()
  await service.upload('rounds', overlapping())
})
afterAll(() => service.close())
beforeEach(() => {
  service.machine.hooks.before = () => {}
  service.machine.time.remainingMs = 60_000
})

// Fixed parameters: one trial, where a test does not put others in its place.
const parameters = { logistic: {} }
const asked = { dataset: 'rounds', target: 'target', gate: 'none', algorithms: ['logistic'], parameters }
const logistic = (id: string, C: number) => ({
  id,
  algorithm: 'logistic',
  hyper: { C, iterations: 30, tolerance: 1e-4 },
})

const planned = new Map<string, Promise<RunSpec>>()

/** What a run of this request plans; it is asked for once. */
const specOf = (body: object): Promise<RunSpec> => {
  const key = JSON.stringify(body)
  const known = planned.get(key)
  if (known) return known
  const spec = service
    .train({ ...body, model: `planned-${planned.size}` })
    .then(({ id }) => service.doors.readData(`runs/${id}/spec.json`))
  planned.set(key, spec)
  return spec
}

/** A run by a spec of its own: what a plan would write is put before it, and the plan keeps what is there. */
const trainBy = async (model: string, change: object, body: object = asked) => {
  const spec = await specOf(body)
  service.machine.hooks.before = async (state, { runId }) => {
    if (state === 'plan') await service.putData(`runs/${runId}/spec.json`, { ...spec, model, ...change })
  }
  return service.train({ ...body, model, fresh: true })
}

const rounds = (...trials: readonly number[]) =>
  trials.map((count, at) => ({ share: 1 / 3 ** (trials.length - 1 - at), trials: count, plannedMs: 1000 }))

test('three rounds of four, two and one trials -> the leaderboard tells how far each came, the last one is the model', async () => {
  const trials = [1e-4, 1e-3, 1, 10].map((C, at) => logistic(`t${at + 1}`, C))
  const before = service.machine.entered.length
  const run = await trainBy('halved', { trials, rungs: rounds(4, 2, 1), folds: 2 })
  expect(run).toMatchObject({ state: 'succeeded', version: 1 })
  expect(run.leaderboard.map(({ rung }: { rung: number }) => rung)).toEqual([2, 1, 0, 0])
  expect(run.leaderboard.map(({ weight }: { weight?: number }) => weight)).toEqual([1, undefined, undefined, undefined])
  const fits = service.machine.entered
    .slice(before)
    .filter(({ event, state }) => state === 'fit' && event.runId === run.id)
  expect(fits.map(({ event }) => event.rung).sort()).toEqual([0, 0, 0, 0, 1, 1, 2])
})

test('more trials than an inline Map takes -> a distributed one, each trial fitted and scored', async () => {
  const trials = Array.from({ length: 41 }, (_, at) => logistic(`t${at + 1}`, 1 + at))
  const run = await trainBy('many', { trials, rungs: rounds(41), folds: 2 })
  expect(run).toMatchObject({ state: 'succeeded', version: 1 })
  expect(run.leaderboard).toHaveLength(41)
})

test('a trial that cannot be fitted beside one that can -> a notice and a line, the other is the model', async () => {
  const descent = (learningRate: number) =>
    estimators.linear.hyper({ solver: 'gradient-descent', iterations: 50, learningRate })
  const trials = [
    { id: 't1', algorithm: 'linear', hyper: descent(1e6) },
    { id: 't2', algorithm: 'linear', hyper: descent(1e-4) },
  ]
  const body = { ...asked, target: 'a', algorithms: ['linear'], parameters: { linear: {} } }
  const run = await trainBy('half', { trials, rungs: rounds(2) }, body)
  expect(run).toMatchObject({ state: 'succeeded', version: 1 })
  expect(run.leaderboard).toMatchObject([
    { trialId: 't2', weight: 1 },
    { trialId: 't1', failure: expect.stringContaining('expected a finite loss') },
  ])
  const { body: answer } = await service.ask('GET', `/api/runs/${run.id}/events`, { query: 'limit=1000' })
  const notices = answer.events.flatMap(({ kind, text }: { kind: string; text: string }) =>
    kind === 'notice' ? text : [],
  )
  expect(notices).toContainEqual(expect.stringContaining('t1 (linear) failed: gradient descent'))
})

test('fits that use the budget up -> trials from the end are given up, which is recorded', async () => {
  // Names in the order of their numbers; many, because four fits run at once and each takes a few milliseconds.
  const count = 16
  const trials = Array.from({ length: count }, (_, at) => logistic(`t${at + 10}`, at + 1))
  const run = await trainBy('cut', { trials, rungs: rounds(count), folds: 2, budgetMs: 1 })
  expect(run).toMatchObject({ state: 'succeeded', version: 1 })
  const { from } = await service.doors.readData(`runs/${run.id}/rounds/0/cut.json`)
  expect(from).toBeGreaterThanOrEqual(1)
  expect(from).toBeLessThan(count)
  const lines = run.leaderboard.map(({ trialId }: { trialId: string }) => trialId).sort()
  expect(lines).toEqual(trials.slice(0, from).map(({ id }) => id))
})

test('progress -> part, rows, iterations of those planned, loss and the time left', async () => {
  service.machine.time.remainingMs = 0
  const run = await service.train({
    ...asked,
    model: 'progress',
    parameters: { logistic: { iterations: 3, tolerance: 1e-9 } },
  })
  const { body } = await service.ask('GET', `/api/runs/${run.id}/events`, { query: 'limit=1000' })
  const told = body.events.flatMap((event: { kind: string; trialId: string; progress: object }) =>
    event.kind === 'progress' ? [event] : [],
  )
  expect(told[0]).toMatchObject({
    trialId: 't1',
    progress: {
      done: 1,
      of: 15,
      part: 'fold 0',
      rows: expect.any(Number),
      loss: expect.any(Number),
      leftMs: expect.any(Number),
    },
  })
  const done = told.map(({ progress }: { progress: { done: number } }) => progress.done)
  expect(done.slice(0, 15)).toEqual(Array.from({ length: 15 }, (_, at) => at + 1))
  expect(run.spentMs).toBeGreaterThanOrEqual(0)
})

// What an owner may do at any time: each state in turn is about to begin when the run is cancelled.
test.for(['inspect', 'plan', 'prepare', 'fit', 'score', 'choose', 'refit', 'export', 'evaluate', 'gate', 'register'])(
  'cancelled as %s begins -> cancelled, nothing registered',
  async (at) => {
    const model = `cancel-${at}`
    service.machine.hooks.before = async (state, { runId }) => {
      if (state === at) await service.ask('POST', `/api/runs/${runId}/cancel`)
    }
    const run = await service.train({ ...asked, model })
    expect(run).toMatchObject({ state: 'cancelled' })
    // Again, as whoever saw no answer would.
    expect((await service.ask('POST', `/api/runs/${run.id}/cancel`)).status).toBe(200)
    expect(await service.ask('GET', `/api/models/${model}`)).toMatchObject({ status: 404 })
  },
)

test('rows without a target, a class that is never answered -> notices among the events', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${['a', 'a', 'b', 'a', '', 'a'][i % 6]}\n`)
  await service.upload('notices', `x,y\n${rows.join('')}`)
  const body = {
    model: 'notices',
    dataset: 'notices',
    target: 'y',
    split: { method: 'none' },
    gate: 'none',
    algorithms: ['logistic'],
  }
  const { id } = await service.train(body)
  const { body: answer } = await service.ask('GET', `/api/runs/${id}/events`)
  const texts = answer.events.flatMap((event: { kind: string; text: string }) =>
    event.kind === 'notice' ? event.text : [],
  )
  expect(texts).toEqual([
    '39 rows are copies of earlier ones; copies are on one side of the split',
    '10 rows without a y are left out',
    'class b is never answered on the 50 training rows',
  ])
})
