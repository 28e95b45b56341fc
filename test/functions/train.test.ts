import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { regressionMetrics } from '../../src/metrics/regression.ts'
import { runSteps } from '../../src/run/run.ts'
import { openTrainingService, type TrainingService } from './training-service.ts'

const long = process.env.PERCALL_LONG !== undefined

let service: TrainingService
let doors: TrainingService['doors']
let machine: TrainingService['machine']
beforeAll(async () => {
  service = await openTrainingService()
  ;({ doors, machine } = service)
})
afterAll(() => service.close())
beforeEach(() => {
  machine.hooks.before = () => {}
  machine.time.remainingMs = 60_000
})

const ask: TrainingService['ask'] = (...asked) => service.ask(...asked)
const upload: TrainingService['upload'] = (...table) => service.upload(...table)
const train: TrainingService['train'] = (body) => service.train(body)
const ended: TrainingService['ended'] = (id) => service.ended(id)

const fixture = (file: string): Buffer => readFileSync(new URL(`../fixtures/data/${file}`, import.meta.url))

const predict = async (model: string, instances: readonly object[], query = '') => {
  const { status, body } = await doors.predict('POST', `/v1/models/${model}:predict`, {
    key: doors.owner,
    body: { instances },
    query,
  })
  expect({ status, error: body.error }).toEqual({ status: 200, error: undefined })
  return body.predictions
}

const worked = {
  target: 'y',
  task: 'regression',
  algorithms: ['linear'],
  parameters: {
    linear: { solver: 'gradient-descent', learningRate: 0.01, iterations: 1000, intercept: false, init: 0 },
  },
  preprocess: 'none',
  split: { method: 'none' },
  gate: 'none',
}

test('the worked example -> theta to 7 digits, the served prediction within 1e-12, the loss curve', async () => {
  const { status, body } = await upload('worked', 'x1,x2,y\n1,2,1\n2,3,2\n3,4,3\n4,5,4\n')
  expect(status).toBe(201)
  expect(body).toMatchObject({ dataset: 'worked', version: 1, rows: 4, columns: ['x1', 'x2', 'y'], format: 'csv' })
  const run = await train({ model: 'theta', dataset: 'worked', ...worked })
  expect(run).toMatchObject({ state: 'succeeded', step: 'promote', version: 1, promoted: true })
  expect(run.progress).toMatchObject({ done: 1000, of: 1000, loss: expect.any(Number) })
  const [prediction] = await predict('theta', [{ x1: 5, x2: 6 }])
  expect(Math.abs(prediction - 4.968416552365358)).toBeLessThan(1e-12)
  const model = await doors.readData(`runs/${run.id}/card.json`)
  expect(model.weights[0][0]).toBeCloseTo(0.9410554, 7)
  expect(model.weights[0][1]).toBeCloseTo(0.0438566, 7)
  expect(model.evaluation).toMatchObject({ on: 'training', rows: 4, parity: { labelsDiffer: 0 } })
  expect(model.lossCurve.length).toBeGreaterThan(100)
})

test('cars without Name -> a gated live version whose R2 on the test file is that of least squares', async () => {
  await upload('cars', fixture('cars.train.csv'))
  const columns = { Name: { drop: true } }
  const asked = { model: 'cars', dataset: 'cars', target: 'Miles_per_Gallon', columns, algorithms: ['linear'] }
  const run = await train(asked)
  expect(run).toMatchObject({ state: 'succeeded', version: 1, gate: { verdict: 'passed' } })
  const figures = { loss: expect.any(Number), spread: expect.any(Number), latencyMs: expect.any(Number) }
  expect(run.leaderboard).toMatchObject([
    { trialId: 't1', algorithm: 'linear', metric: 'rmse', on: 'out-of-fold', weight: 1, ...figures },
  ])
  const rows: Record<string, string>[] = parse(fixture('cars.test.csv'), { columns: true })
  const judged = rows.filter((row) => row.Miles_per_Gallon !== '')
  const predictions = await predict('cars', judged, 'unknown=ignore')
  const truth = Float64Array.from(judged, (row) => Number(row.Miles_per_Gallon))
  expect(regressionMetrics(truth, Float64Array.from(predictions)).r2).toBeGreaterThan(0.79)
  const card = await doors.readData(`runs/${run.id}/card.json`)
  expect(card.evaluation.parity.largestDifference).toBeLessThan(1e-12)
  expect(card.data.testRows / (card.data.testRows + card.data.trainRows)).toBeCloseTo(0.2, 1)
  const explainer = await doors.readData(`runs/${run.id}/explainer.json`)
  expect(explainer).toMatchObject({ members: [{ kind: 'linear', weight: 1 }], link: 'identity' })
  expect(explainer.background.weights.length).toBe(50)
  const { body: metadata } = await doors.predict('GET', '/v2/models/cars', { key: doors.owner })
  expect(metadata.parameters.columns).toContainEqual({ name: 'Year', kind: 'date', format: 'ISO' })
  const version = await ask('GET', '/api/models/cars/versions/1')
  expect(version.body).toMatchObject({ lineage: { origin: 'run', runId: run.id }, metrics: run.metrics })
  const { body } = await ask('GET', `/api/runs/${run.id}/events`)
  const steps = body.events.flatMap((event: { kind: string; step: string }) =>
    event.kind === 'step' ? event.step : [],
  )
  expect(steps).toEqual(runSteps.filter((one) => !['score', 'halve', 'optimise'].includes(one)))
  expect(body.events.at(-1)).toMatchObject({ kind: 'ended', state: 'succeeded' })
})

test('the same request again -> joins the run; a later version is judged against the live one', async () => {
  await upload('again', fixture('cars.train.csv'))
  const columns = { Name: { drop: true } }
  const body = { model: 'again', dataset: 'again', target: 'Miles_per_Gallon', columns, algorithms: ['linear'] }
  const first = await train(body)
  expect((await upload('again', fixture('cars.train.csv'))).status).toBe(200)
  const again = await ask('POST', '/api/runs', { body: { ...body, seed: 0 } })
  expect(again).toMatchObject({ status: 202, body: { id: first.id, joined: true } })
  const fresh = await train({ ...body, fresh: true })
  expect(fresh.id).not.toBe(first.id)
  expect(fresh).toMatchObject({ state: 'succeeded', version: 2, gate: { verdict: 'passed' } })
  expect(fresh.gate.reason).toContain('not worse than the live version')
  const better = await train({ ...body, gate: 'better' })
  expect(better).toMatchObject({ state: 'rejected', step: 'gate', gate: { verdict: 'rejected' } })
  expect(better.version).toBeUndefined()
  const kept = await train({ ...body, gate: 'none', promote: false })
  expect(kept).toMatchObject({ state: 'succeeded', version: 3, promoted: false })
  expect((await ask('GET', '/api/models/again')).body.aliases).toEqual({ live: 2 })
})

test('texts and an ordinal -> a model that reads both; more rows than one run of its graph takes are answered', async () => {
  const words = ['engine', 'fine', 'broken', 'loud', 'Rīga', 'new', 'worn', 'été']
  const rows = Array.from({ length: 400 }, (_, row) => ({
    comment: Array.from({ length: 3 + (row % 5) }, (_, k) => words[(row * (k + 3) + k * k) % 8]).join(', '),
    size: ['S', 'M', 'L'][row % 3]!,
  }))
  const verdict = ({ comment }: { readonly comment: string }): string => (comment.includes('broken') ? 'bad' : 'good')
  const lines = rows.map((row) => `"${row.comment}",${row.size},${verdict(row)}`)
  await upload('comments', ['comment,size,verdict', ...lines, ''].join('\n'))
  const columns = { comment: { kind: 'text' }, size: { kind: 'ordinal', format: 'S<M<L' } }
  const run = await train({
    model: 'comments',
    dataset: 'comments',
    target: 'verdict',
    columns,
    algorithms: ['logistic'],
  })
  expect(run).toMatchObject({ state: 'succeeded', version: 1, gate: { verdict: 'passed' } })
  const card = await doors.readData(`runs/${run.id}/card.json`)
  expect(card.features).toContain('comment~broken')
  expect(card.features).toContain('size')
  // 64 MB hold the tokens of 2,097 rows.
  const asked = Array.from({ length: 2500 }, (_, row) => rows[row % rows.length]!)
  const predictions = await predict('comments', asked)
  expect(predictions.map(({ label }: { readonly label: string }) => label)).toEqual(asked.map(verdict))
  const tensors = (['comment', 'size'] as const).map((name) => {
    const data = asked.map((row) => (name === 'comment' ? row.comment.replaceAll(',', '').toLowerCase() : row.size))
    return { name, datatype: 'BYTES', shape: [asked.length, 1], data }
  })
  const { body } = await doors.predict('POST', '/v2/models/comments/infer', {
    key: doors.owner,
    body: { inputs: tensors },
  })
  const label = body.outputs.find(({ name }: { readonly name: string }) => name === 'label')
  expect(label).toMatchObject({ shape: [2500], data: asked.map(verdict) })
})

test('penguins, no algorithm named -> a search, three classes with labels and probabilities', async () => {
  const [header, ...lines] = fixture('penguins.train.csv').toString().trimEnd().split('\n')
  await upload('penguins', [header, ...lines.filter((_, i) => long || i % 3 === 0), ''].join('\n'))
  const run = await train({ model: 'penguins', dataset: 'penguins', target: 'species' })
  expect(run).toMatchObject({ state: 'succeeded' })
  expect(run.leaderboard.length).toBeGreaterThanOrEqual(12)
  const families = new Set(run.leaderboard.map(({ algorithm }: { algorithm: string }) => algorithm))
  expect(families.size).toBeGreaterThanOrEqual(4)
  const losses = run.leaderboard.map(({ loss }: { loss: number }) => loss)
  expect(losses).toEqual([...losses].sort((a, b) => a - b))
  expect(run.leaderboard[0]).toMatchObject({ metric: 'logLoss' })
  const shares = run.leaderboard.map(({ weight = 0 }: { weight?: number }) => weight)
  expect(shares.reduce((sum: number, share: number) => sum + share, 0)).toBeCloseTo(1, 12)
  const rows: Record<string, string>[] = parse(fixture('penguins.test.csv'), { columns: true })
  const predictions: { label: string }[] = await predict('penguins', rows, 'unknown=ignore')
  const right = predictions.filter(({ label }, i) => label === rows[i]?.species)
  expect(right.length / rows.length).toBeGreaterThan(0.95)
})

test('a fit that is interrupted after each iteration -> the same model, bit for bit', async () => {
  await upload('pause', fixture('penguins.train.csv'))
  const few = { algorithms: ['logistic'], parameters: { logistic: { iterations: 3 } } }
  const body = { model: 'pause', dataset: 'pause', target: 'species', gate: 'none', ...few }
  const whole = await train(body)
  machine.time.remainingMs = 0
  const before = machine.entered.length
  const paused = await train({ ...body, fresh: true })
  const loops = (name: string) => machine.entered.slice(before).filter(({ state }) => state === name).length
  // Five folds and the fit on all rows, of three iterations each.
  expect([loops('fit'), loops('refit')]).toEqual([15, 3])
  const bytes = (run: { id: string }) => doors.readDataBytes(`runs/${run.id}/model.onnx`)
  expect(await bytes(paused)).toEqual(await bytes(whole))
})

test('a function that crashes once in every state -> the run ends all the same, with one version', async () => {
  await upload('crash', fixture('penguins.train.csv'))
  const crashed = new Set<string>()
  machine.hooks.before = (state) => {
    if (crashed.has(state)) return
    crashed.add(state)
    throw new Error('the environment died')
  }
  const run = await train({ model: 'crash', dataset: 'crash', target: 'species', algorithms: ['logistic'] })
  expect(run).toMatchObject({ state: 'succeeded', version: 1 })
  expect(crashed.size).toBe(12)
})

test('every state run twice -> the same answers, one version, one end', async () => {
  await upload('twice', fixture('penguins.train.csv'))
  const before = machine.entered.length
  const run = await train({ model: 'twice', dataset: 'twice', target: 'species', algorithms: ['logistic'] })
  for (const { state, event } of machine.entered.slice(before)) {
    const { handler } = await import(`../../functions/train/${state}.ts`)
    // The states before the last find a run that has ended.
    const answer = await handler(event, machine.context).catch((error: Error) => error.message)
    expect(JSON.stringify(answer)).toMatch(state === 'promote' ? /"promoted":true/ : /RUN_ENDED/)
  }
  expect(await ended(run.id)).toEqual(run)
  expect((await ask('GET', '/api/models/twice/versions')).body.versions).toHaveLength(1)
})

test('an execution that is stopped from outside -> the rule closes its run with cause and step', async () => {
  await upload('stop', fixture('penguins.train.csv'))
  const { handler } = await import('../../functions/execution-ended.ts')
  let id = ''
  machine.hooks.before = async (state) => {
    if (state !== 'export') return
    const detail = { name: `${id}-1`, status: 'TIMED_OUT' }
    await handler({ detail } as never, { getRemainingTimeInMillis: () => 1000 }) // the members that the handler reads
  }
  const started = await ask('POST', '/api/runs', {
    body: { model: 'stop', dataset: 'stop', target: 'species', algorithms: ['logistic'] },
  })
  id = started.body.id
  expect(await ended(id)).toMatchObject({
    state: 'failed',
    failure: { code: 'INTERNAL', step: 'refit', cause: expect.stringContaining('ran out of time at step refit') },
  })
})

test.for<[string, string, object, object]>([
  [
    'a learning rate that diverges',
    'x1,x2,y\n1,2,1\n2,3,2\n3,4,3\n4,5,4\n',
    { ...worked, parameters: { linear: { solver: 'gradient-descent', learningRate: 10 } } },
    { code: 'BAD_RUN', step: 'fit', cause: expect.stringContaining('lower parameters.linear.learningRate') },
  ],
  [
    'an ambiguous date',
    'd,y\n01/02/2024,1.5\n03/04/2024,2.5\n',
    { target: 'y' },
    { code: 'BAD_TABLE', step: 'inspect', cause: expect.stringContaining('date-format') },
  ],
  [
    'text for a regression',
    'a,y\n1,x\n2,z\n3,w\n',
    { target: 'y', task: 'regression' },
    { code: 'BAD_RUN', step: 'plan', cause: expect.stringContaining('expected numbers, got category') },
  ],
])('%s -> a failed run that keeps code, cause and step', async ([title, text, body, failure]) => {
  const dataset = title.replaceAll(' ', '-')
  await upload(dataset, text)
  expect(await train({ model: dataset, dataset, ...body })).toMatchObject({ state: 'failed', failure })
})

test('row numbers under a name of their own -> learnt; under id -> left out, with a notice in profile and events', async () => {
  const rows = Array.from({ length: 100 }, (_, i) => `${i},${i},${2 * i + 0.5}\n`)
  const { body: uploaded } = await upload('numbers', `a,id,y\n${rows.join('')}`)
  const notice =
    'column id: left out as an identifier: 100 distinct whole numbers in 100 rows; --type id=integer keeps it'
  expect(uploaded.profile.columns).toMatchObject([{ kind: 'integer' }, { leftOut: 'identifier', notice }, {}])
  const run = await train({ model: 'numbers', dataset: 'numbers', target: 'y', algorithms: ['linear'] })
  expect(run.failure).toBeUndefined()
  expect(run).toMatchObject({ state: 'succeeded', metrics: { r2: expect.closeTo(1, 9) } })
  const { body } = await ask('GET', `/api/runs/${run.id}/events`)
  expect(body.events).toContainEqual(expect.objectContaining({ kind: 'notice', text: notice }))
})
