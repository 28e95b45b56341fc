import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodePrepared, encodePrepared } from '../../src/run/data-file.ts'
import { inspectTable } from '../../src/run/inspect.ts'
import { planRun } from '../../src/run/plan-run.ts'
import { prepareTable } from '../../src/run/prepared.ts'
import { parseRunRequest } from '../../src/run/request.ts'
import type { Run } from '../../src/run/run.ts'
import { openTrainingService, overlapping, type TrainingService } from './training-service.ts'

let service: TrainingService
beforeAll(async () => {
  service = await openTrainingService()
})
afterAll(() => service.close())

const ask: TrainingService['ask'] = (...asked) => service.ask(...asked)
const uploadText: TrainingService['upload'] = (...table) => service.upload(...table)
const train: TrainingService['train'] = (body) => service.train(body)

const lines = (count: number, make: (i: number) => string): string =>
  `${Array.from({ length: count }, (_, i) => make(i)).join('\n')}\n`

// Fixed parameters: one trial, where no search is tested.
const linear = { algorithms: ['linear'], parameters: { linear: {} } }

test('a later file whose column is no longer as the live version reads it -> a failed run that names line and column', async () => {
  const file = (cell: string) =>
    `x,z,y\n${lines(80, (i) => `${i === 30 ? cell : i % 9},${i % 4},${(i % 9) * 2 + (i % 4) + 0.5}`)}`
  await uploadText('refit', file('3'))
  const body = { model: 'refit', dataset: 'refit', target: 'y', gate: 'none', ...linear }
  expect(await train(body)).toMatchObject({ state: 'succeeded', version: 1 })
  await uploadText('refit', file('many'))
  const cause = 'line 32, column x: expected a number, as the live version reads it, got "many"'
  const failure = { code: 'BAD_TABLE', step: 'inspect', cause: expect.stringContaining(cause) }
  expect(await train(body)).toMatchObject({ state: 'failed', failure })
  expect((await ask('GET', '/api/models/refit/versions')).body.versions).toHaveLength(1)
})

test.for<[string, string, string, string]>([
  [
    'one-class',
    `x,y\n${lines(60, (i) => `${i % 7},yes`)}`,
    'plan',
    'target y: expected at least 2 distinct values, got 1',
  ],
  [
    'no-target',
    `x,y\n${lines(60, (i) => `${i % 7},`)}`,
    'plan',
    'target y: expected at least 2 distinct values, got 0',
  ],
  [
    'stray',
    `x,y\n${lines(60, (i) => `${i === 9 ? 'inf' : i},${i % 5}`)}`,
    'inspect',
    'line 11, column x: expected a number',
  ],
  [
    'spellings',
    `x,y\n${lines(60, (i) => `${i % 2 ? '2024-01-31' : '31.01.2024'},${i}`)}`,
    'inspect',
    'line 2, column x: expected a date as ISO, as in 30 of 60 cells, got "31.01.2024"',
  ],
])('%s -> a failed run with one error, no version', async ([name, text, step, cause]) => {
  expect((await uploadText(name, text)).status).toBe(201)
  const run = await train({ model: name, dataset: name, target: 'y' })
  expect(run).toMatchObject({
    state: 'failed',
    failure: { code: 'BAD_TABLE', step, cause: expect.stringContaining(cause) },
  })
  expect((await ask('GET', `/api/models/${name}`)).status).toBe(404)
})

test('columns of mails, copies of the target and of rows -> notices of the run', async () => {
  const row = (i: number) => `${i % 7},p${i}@example.org,${i % 5}.25,${i % 5}.5`
  await uploadText('told', `x,mail,copy,y\n${lines(60, (i) => row(i % 35))}`)
  const { id } = await train({ model: 'told', dataset: 'told', target: 'y', gate: 'none', ...linear })
  const { body } = await ask('GET', `/api/runs/${id}/events`)
  const texts = body.events.flatMap(({ kind, text }: { kind: string; text: string }) => (kind === 'notice' ? text : []))
  expect(texts).toEqual([
    expect.stringContaining('column mail: left out as an identifier'),
    'column copy: left out as a leak: it predicts y alone (R2 1.0000 on held rows), as a copy of it would; --type copy=numeric keeps it',
    '25 rows are copies of earlier ones; copies are on one side of the split',
  ])
})

const header = 'x,z,note,y\n'
// A row of fixed length, so that the size is known before; the note is one of four texts of a thousand letters.
const noteLetters = 1000
const notes = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(noteLetters))
const row = (i: number): string => {
  const x = (Math.imul(i, 2654435761) >>> 0) % 1000
  const z = (Math.imul(i, 40503) >>> 0) % 100
  return `${String(x).padStart(3, '1')}.5,${String(z + 100)},${notes[i % 4]},${String(2 * x + z + (i % 4)).padStart(4, '1')}.25\n`
}
const rowBytes = row(0).length

function* pieces(rows: number): Generator<Buffer> {
  yield Buffer.from(header)
  const together = 2000
  for (let from = 0; from < rows; from += together) {
    const some = Array.from({ length: Math.min(together, rows - from) }, (_, i) => row(from + i))
    yield Buffer.from(some.join(''))
  }
}

const upload = async (rows: number) => {
  const sizeBytes = header.length + rows * rowBytes
  const { body: place } = await ask('POST', '/api/uploads', { body: { contentType: 'text/csv', sizeBytes } })
  const body = Readable.toWeb(Readable.from(pieces(rows)))
  // The content-length header is signed; fetch needs half duplex for a stream.
  const put = { method: 'PUT', headers: place.headers, body, duplex: 'half' } as unknown as RequestInit
  expect((await fetch(place.url, put)).status).toBe(200)
  return ask('POST', '/api/datasets/large/versions', { body: { upload: place.id } })
}

// Minutes, and 6 GB of disk: a part of `npm run test:all`.
test.runIf(process.env.PERCALL_LONG)(
  'a CSV file of 2 GB by upload -> a version at once; read, profiled and prepared whole',
  { timeout: 30 * 60_000 },
  async () => {
    const rows = Math.ceil((2 * 1024 ** 3) / rowBytes)
    const { status, body } = await upload(rows)
    expect({ status, ...body }).toMatchObject({
      status: 201,
      version: 1,
      rows: null,
      sha256: null,
      columns: ['x', 'z', 'note', 'y'],
      profile: null,
      notice: expect.stringContaining('the first run on this version reads and checks its rows'),
    })
    // Not by the machine, whose clock runs ahead: a day of it, the limit of an execution, is over before the file is read.
    const { inspectionPorts } = await import('../../adapters/wiring/training.ts')
    const { readDataset, sha256 } = inspectionPorts()
    const request = parseRunRequest({ model: 'large', dataset: 'large', target: 'y' })
    const inspected = inspectTable(await readDataset('large', 1), request)
    expect(inspected.profile).toMatchObject({
      rows,
      columns: [{ kind: 'numeric' }, { kind: 'integer' }, { distinct: 4 }, {}],
    })
    // What planRun reads of a run.
    const spec = planRun({ request, model: 'large', dataset: 'large', datasetVersion: 1 } as Run, inspected)
    const prepared = decodePrepared(encodePrepared(prepareTable(sha256)(await readDataset('large', 1), spec)))
    const share = prepared.test.reduce((sum, side) => sum + side, 0) / rows
    // Rows repeat, and copies stay together: 4,000 kinds of rows at most.
    expect(Math.abs(share - 0.2)).toBeLessThan(3 * Math.sqrt((0.2 * 0.8) / 1000))
    expect(prepared.y).toHaveLength(rows)
  },
)

test('Latin-1 -> refused at once with its line', async () => {
  const latin1 = Buffer.from('x,y\n1,2\nGröße,3\n', 'latin1')
  // The gateway's event holds text/csv as a string.
  for (const text of [latin1, Buffer.from(latin1.toString())])
    expect((await uploadText('latin1', text)).body).toMatchObject({
      code: 'BAD_TABLE',
      detail: expect.stringContaining('line 3: expected UTF-8'),
    })
})

test('noise as a target -> rejected with its reason, no version', async () => {
  const rows = Array.from(
    { length: 400 },
    (_, i) => `${(Math.sin(i * 12.9898) * 43758.5453) % 1},${(Math.cos(i * 78.233) * 1234.567) % 1}`,
  )
  await uploadText('noise', `x,y\n${rows.join('\n')}\n`)
  const run = await train({ model: 'noise', dataset: 'noise', target: 'y', algorithms: ['linear'] })
  expect(run).toMatchObject({ state: 'rejected', gate: { verdict: 'rejected' } })
  expect(run.gate.reason).toContain('not shown to be better than the baseline')
  expect((await ask('GET', '/api/models/noise')).status).toBe(404)
})

test('runs and datasets -> lists, newest first, by pages', async () => {
  await uploadText('listed', 'x,y\n1,2\n')
  await uploadText('listed', 'x,y\n1,2\n2,3\n')
  const { body } = await ask('GET', '/api/datasets/listed/versions', { query: 'limit=1' })
  expect(body).toMatchObject({ versions: [{ version: 2, rows: 2 }], next: expect.any(String) })
  expect((await ask('GET', '/api/datasets/listed')).body).toMatchObject({ name: 'listed', lastVersion: 2 })
  const runs = await ask('GET', '/api/runs', { query: 'limit=3' })
  const created = runs.body.runs.map(({ createdAt }: { createdAt: string }) => createdAt)
  expect(created).toEqual([...created].sort().reverse())
  expect(runs.body.next).toEqual(expect.any(String))
  expect((await ask('GET', '/api/runs/00000000000000000000')).body.code).toBe('UNKNOWN_RUN')
})

test('a net, smallest within 30 % -> measured variants on its version, the chosen graph evaluated and served, once', async () => {
  // Where the bundle of the state has child.js.
  const folder = mkdtempSync(join(tmpdir(), 'percall-child-'))
  writeFileSync(
    join(folder, 'child.js'),
    `import(${JSON.stringify(join(import.meta.dirname, '../../adapters/child/child.ts'))})\n`,
  )
  process.env.LAMBDA_TASK_ROOT = folder
  const answers: unknown[] = []
  service.machine.hooks.around = async (state, _, work) => {
    const answer = await work()
    // As an attempt does whose answer was lost: it takes what was chosen, and measures nothing.
    if (state === 'optimise') answers.push(answer, await work())
    return answer
  }
  await uploadText('net', overlapping(500))
  const parameters = { mlp: { hidden: [64, 64], iterations: 15 } }
  const asked = { model: 'net', dataset: 'net', target: 'target', algorithms: ['mlp'], parameters, gate: 'none' }
  const run = await train({ ...asked, optimise: 'smallest:30%' })
  service.machine.hooks.around = undefined
  expect(run).toMatchObject({ state: 'succeeded', version: 1 })
  expect(answers[1]).toEqual(answers[0])
  const { body } = await ask('GET', '/api/models/net/versions/1')
  const { chosen, variants } = body.optimisation
  const names = variants.map(({ name }: { readonly name: string }) => name)
  expect(names).toEqual(['float', 'simplified', 'cleaned', 'half', 'int8', 'pruned', 'narrow'])
  const found = Object.fromEntries(variants.map((variant: { readonly name: string }) => [variant.name, variant]))
  expect(found.narrow.figures.sizeBytes / found.float.figures.sizeBytes).toBeLessThan(0.45)
  expect(found.int8.quality.figures).toMatchObject([{ metric: 'logLoss' }, { metric: 'errorRate' }])
  for (const name of ['int8', 'narrow']) {
    const [loss] = found[name].quality.figures
    expect(loss.low).toBeLessThanOrEqual(loss.difference)
    expect(loss.high).toBeGreaterThanOrEqual(loss.difference)
  }
  expect(['int8', 'narrow']).toContain(chosen)
  expect(body.sizeBytes).toBe(found[chosen].figures.sizeBytes)
  const card = await service.doors.readData(`runs/${run.id}/card.json`)
  expect(card.evaluation.parity.largestDifference).toBeGreaterThan(1e-5)
  expect(card.evaluation.sizeBytes).toBe(body.sizeBytes)
  const asking = { key: service.doors.owner, body: { instances: [{ a: 0.9, b: 0.9, c: 'x' }] } }
  const { body: served } = await service.doors.predict('POST', '/v1/models/net:predict', asking)
  expect(served.predictions[0].label).toBe('yes')
})

test('a run kept from before there were variants -> the graph stays as it is exported', async () => {
  await uploadText('before', 'x,y\n1,2\n2,4\n3,6.5\n4,8\n')
  service.machine.hooks.around = async (state, _, work) => {
    const answer = await work()
    if (state !== 'plan') return answer
    const { optimise: _none, ...rest } = answer as Readonly<Record<string, unknown>>
    return rest
  }
  const asked = { model: 'before', dataset: 'before', target: 'y', algorithms: ['linear'], gate: 'none' }
  const run = await train({ ...asked, split: { method: 'none' } })
  service.machine.hooks.around = undefined
  expect(run).toMatchObject({ state: 'succeeded', version: 1 })
  expect(service.machine.entered.filter(({ event }) => event.runId === run.id).map(({ state }) => state)).not.toContain(
    'optimise',
  )
})
