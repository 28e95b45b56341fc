/** Retraining over the local tables and buckets in this process; executions are counted, not run. */
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { onDatasetPorts, onSchedulePorts } from '../../adapters/wiring/retrain.ts'
import type { Written } from '../../src/retrain/arrival.ts'
import { executionName } from '../../src/run/run-id.ts'
import { type Asked, openDoors } from './doors.ts'

let doors: Awaited<ReturnType<typeof openDoors>>
let objects: S3Client
let log: { readonly mockRestore: () => void }
let ports: ReturnType<typeof onDatasetPorts> & ReturnType<typeof onSchedulePorts>
// Loaded below, with the environment of these doors.
let PercallError: typeof import('../../src/errors.ts').PercallError
let onObject: typeof import('../../src/retrain/retrain.ts').onObject
let onTick: typeof import('../../src/retrain/retrain.ts').onTick
const started: string[] = []

beforeAll(async () => {
  log = vi.spyOn(console, 'log').mockImplementation(() => {})
  doors = await openDoors()
  const wiring = await import('../../adapters/wiring/retrain.ts')
  ;({ PercallError } = await import('../../src/errors.ts'))
  ;({ onObject, onTick } = await import('../../src/retrain/retrain.ts'))
  objects = new S3Client({ forcePathStyle: true })
  process.env.PERCALL_DATA_BUCKET = 'versioned'
  const startExecution = async ({ id, attempt }: { readonly id: string; readonly attempt: number }) => {
    started.push(executionName(id, attempt))
  }
  ports = { ...wiring.onDatasetPorts(), ...wiring.onSchedulePorts(), startExecution }
})
afterAll(async () => {
  log.mockRestore()
  objects.destroy()
  await doors.close()
})

const ask = (method: string, path: string, asked: Asked = {}) =>
  doors.control(method, path, { key: doors.owner, ...asked })

let writes = 0
/** Writes an object, and answers what its event would tell. */
const write = async (key: string, body: string): Promise<Written> => {
  const { VersionId } = await objects.send(
    new PutObjectCommand({ Bucket: 'versioned', Key: key, Body: Buffer.from(body) }),
  )
  writes += 1
  return { key, versionId: VersionId!, sequencer: `00${writes.toString(16)}`.padStart(6, '0'), atMs: 1.7e12 + writes }
}

const run = (dataset: string) => ({ dataset, target: 'y', algorithms: ['linear'] })

const watch = async (name: string, body: object = { onDataset: true }): Promise<void> => {
  await ask('POST', '/api/datasets', { body: { name } })
  const answer = await ask('PUT', `/api/triggers/${name}`, { body: { run: run(name), ...body } })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
}

const table = (content: number): string => `x,y\n1,2\n2,${content}\n`

const versionsOf = async (name: string) => (await ask('GET', `/api/datasets/${name}/versions`)).body.versions
const decisionsOf = async (name: string) => (await ask('GET', `/api/triggers/${name}/decisions`)).body.decisions
const runsOf = async (name: string) =>
  (await ask('GET', '/api/runs', { query: 'limit=1000' })).body.runs.filter(
    ({ model }: { model: string }) => model === name,
  )

type Place = 'createRun' | 'startExecution' | 'keepDecision' | 'keepArrival' | 'findArrival'

/** The ports of a function that dies at a place, before or after what it does there took effect. */
const dying = (place: Place, after: boolean) => {
  const work = ports[place] as (...given: unknown[]) => Promise<unknown>
  const dies = async (...given: unknown[]) => {
    if (after) await work(...given)
    throw new Error(`died at ${place}`)
  }
  return { ...ports, [place]: dies }
}

/** What one event after another, in the order of its arrival, must come to: at most one version for each write. */
const expectedVersions = (order: readonly number[], written: readonly { key: string; content: number }[]): number => {
  const last = new Map<string, number>()
  let latest: number | undefined
  let versions = 0
  for (const at of order) {
    const { key, content } = written[at]!
    if ((last.get(key) ?? -1) >= at) continue
    last.set(key, at)
    if (content === latest) continue
    latest = content
    versions += 1
  }
  return versions
}

let worlds = 0

test('events that come twice, together, late and to functions that die -> one version a write, one run a version', async () => {
  const delivery = fc.record({
    event: fc.nat({ max: 2 }),
    copies: fc.integer({ min: 1, max: 2 }),
    dies: fc.option(
      fc.record({
        place: fc.constantFrom<Place>('createRun', 'startExecution', 'keepDecision', 'keepArrival', 'findArrival'),
        after: fc.boolean(),
      }),
    ),
  })
  const written = fc.array(fc.record({ file: fc.constantFrom('a.csv', 'b.csv'), content: fc.nat({ max: 2 }) }), {
    minLength: 3,
    maxLength: 3,
  })
  await fc.assert(
    fc.asyncProperty(written, fc.array(delivery, { minLength: 1, maxLength: 4 }), async (files, deliveries) => {
      worlds += 1
      const name = `world-${worlds}`
      await watch(name)
      const made: Written[] = []
      const facts: { key: string; content: number }[] = []
      for (const { file, content } of files) {
        const key = `datasets/${name}/incoming/${file}`
        made.push(await write(key, table(content)))
        facts.push({ key, content })
      }
      const order: number[] = []
      for (const { event, copies, dies } of deliveries) {
        const died = dies && onObject(dying(dies.place, dies.after))(made[event]!).catch(() => undefined)
        await died
        await Promise.all(Array.from({ length: copies }, () => onObject(ports)(made[event]!)))
        order.push(event)
      }
      // Every event comes again in the end.
      for (const [at, event] of made.entries()) {
        await onObject(ports)(event)
        order.push(at)
      }
      const [versions, decisions, runs] = [await versionsOf(name), await decisionsOf(name), await runsOf(name)]
      expect(versions).toHaveLength(expectedVersions(order, facts))
      expect(decisions).toHaveLength(made.length)
      const starts = decisions.filter(({ kind }: { kind: string }) => kind === 'start')
      expect(new Set(starts.map(({ datasetVersion }: { datasetVersion: number }) => datasetVersion)).size).toBe(
        versions.length,
      )
      expect(runs.map(({ id }: { id: string }) => id).sort()).toEqual(
        starts.map(({ runId }: { runId: string }) => runId).sort(),
      )
      for (const { id, reason } of runs) {
        expect(started).toContain(executionName(id, 1))
        expect(reason).toMatchObject({ kind: 'dataset', key: expect.stringContaining(name) })
      }
    }),
    { numRuns: 5 },
  )
})

const gone = async (key: string) => {
  const event = await write(key, table(1))
  await objects.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: key }))
  return event
}

const incoming = (name: string) => `datasets/bad/incoming/${name}`

test.for<[string, () => Promise<Written>, RegExp]>([
  ['a file that is no table', () => write(incoming('ragged.csv'), 'x,y\n1,2\n3,4,5\n'), /line 3/],
  ['a header alone', () => write(incoming('header.csv'), 'x,y\n'), /at least one row/],
  ['an empty file', () => write(incoming('empty.csv'), ''), /./],
  ['bytes that are no Parquet', () => write(incoming('bytes.parquet'), 'x,y\n1,2\n'), /./],
  ['another ending', () => write(incoming('notes.txt'), 'x,y\n1,2\n'), /ends in \.csv, \.jsonl or \.parquet/],
  ['a deleted object', () => gone(incoming('gone.csv')), /deleted before it was read/],
])('%s -> a decision with its error, no version', async ([, make, words]) => {
  await watch('bad')
  const event = await make()
  for (const decision of [await onObject(ports)(event), await onObject(ports)(event)])
    expect(decision).toMatchObject([{ kind: 'skip', skip: 'file refused', why: expect.stringMatching(words) }])
  expect(await versionsOf('bad')).toEqual([])
  const { arrivals } = (await ask('GET', '/api/datasets/bad/arrivals')).body
  expect(arrivals).toContainEqual(
    expect.objectContaining({ key: event.key, outcome: { kind: 'refused', why: expect.stringMatching(words) } }),
  )
})

test('an object that is too large -> a decision that says how large it may be', async () => {
  await watch('large')
  const event = await write('datasets/large/incoming/a.csv', table(1))
  // 4 GB are not written here: the store says that they are there.
  const large = { ...ports, incomingBytes: async () => 5e9 }
  expect(await onObject(large)(event)).toMatchObject([
    { kind: 'skip', skip: 'file refused', why: 'dataset large: expected at most 4294967296 bytes, got 5000000000' },
  ])
})

test('an object of a dataset that is not there -> kept as refused; a folder and a foreign key -> nothing', async () => {
  expect(await onObject(ports)(await write('datasets/nowhere/incoming/a.csv', table(1)))).toEqual([])
  expect((await ask('GET', '/api/datasets/nowhere/arrivals')).body.arrivals).toMatchObject([
    { outcome: { kind: 'refused', why: 'dataset nowhere: none is kept; make it first' } },
  ])
  for (const key of ['datasets/silent/incoming/', 'datasets/silent/1/data', 'datasets/-/incoming/a.csv'])
    expect(await onObject(ports)({ key, sequencer: '1', atMs: 0 })).toEqual([])
  expect((await ask('GET', '/api/datasets/silent/arrivals')).body.code).toBe('UNKNOWN_DATASET')
})

test('a store that does not answer -> the fault leaves, nothing is kept, and the next event brings the file', async () => {
  await watch('faulty')
  const event = await write('datasets/faulty/incoming/a.csv', table(1))
  const ingestArrival = () => Promise.reject(new PercallError('NOT_READY', 'the table'))
  await expect(onObject({ ...ports, ingestArrival })(event)).rejects.toThrow('the table')
  expect(await decisionsOf('faulty')).toEqual([])
  expect(await onObject(ports)(event)).toMatchObject([{ kind: 'start', datasetVersion: 1 }])
})

test('columns that the request does not fit, a disabled trigger -> the version is made, the run is not', async () => {
  await watch('narrow')
  const event = await write('datasets/narrow/incoming/a.csv', 'x,z\n1,2\n2,3\n')
  expect(await onObject(ports)(event)).toMatchObject([
    { skip: 'does not fit', why: 'target: expected one of x, z, got y' },
  ])
  await watch('idle', { onDataset: true, enabled: false })
  expect(await onObject(ports)(await write('datasets/idle/incoming/a.csv', table(1)))).toMatchObject([
    { skip: 'disabled' },
  ])
  expect([(await versionsOf('narrow')).length, (await versionsOf('idle')).length]).toEqual([1, 1])
})

const atTime = (iso: string) => onTick({ ...ports, nowMs: () => Date.parse(iso) })()
const ofModel = (model: string, decisions: readonly { readonly model: string }[]) =>
  decisions.filter((one) => one.model === model)

test('a schedule -> one run a due time, one after a pause, none without new data', async () => {
  vi.setSystemTime('2030-01-01T00:00:00Z')
  await watch('nightly', { schedule: 'cron(0 3 * * ? *)' })
  vi.useRealTimers()
  const tick = async (iso: string) => ofModel('nightly', await atTime(iso))
  const nextDueAt = async () => (await ask('GET', '/api/triggers/nightly')).body.nextDueAt
  expect(await nextDueAt()).toBe('2030-01-01T03:00:00.000Z')
  expect(await tick('2030-01-01T02:59:00Z')).toEqual([])
  expect(await tick('2030-01-01T03:00:00Z')).toMatchObject([{ skip: 'no dataset version' }])
  const csv = { headers: { 'content-type': 'text/csv' } }
  await ask('POST', '/api/datasets/nightly/versions', { body: Buffer.from(table(1)), ...csv })
  const twice = await Promise.all([tick('2030-01-02T03:04:00Z'), tick('2030-01-02T03:04:30Z')])
  const reason = { kind: 'schedule', dueAt: '2030-01-02T03:00:00.000Z', missed: 0 }
  const [first] = twice.flat() as { runId?: string }[]
  for (const decision of twice.flat()) expect(decision).toMatchObject({ kind: 'start', runId: first?.runId, reason })
  expect(await runsOf('nightly')).toMatchObject([{ id: first?.runId, reason, state: 'queued' }])
  expect(await tick('2030-01-02T03:09:00Z')).toEqual([])
  expect(await nextDueAt()).toBe('2030-01-03T03:00:00.000Z')
  expect(await tick('2030-01-07T01:00:00Z')).toMatchObject([
    { skip: 'run is open', reason: { dueAt: '2030-01-06T03:00:00.000Z', missed: 3 } },
  ])
  await ask('POST', '/api/datasets/nightly/versions', { body: Buffer.from(table(2)), ...csv })
  expect(await tick('2030-01-09T12:00:00Z')).toMatchObject([
    { kind: 'start', datasetVersion: 2, reason: { missed: 2 } },
  ])
  expect(await decisionsOf('nightly')).toHaveLength(4)
  expect(await runsOf('nightly')).toHaveLength(2)
})

test('a tick that dies before it moves on -> the next one finds its decision, and starts nothing twice', async () => {
  vi.setSystemTime('2031-01-01T00:00:00Z')
  await watch('dies', { schedule: 'rate(1 hour)' })
  vi.useRealTimers()
  await ask('POST', '/api/datasets/dies/versions', {
    body: Buffer.from(table(1)),
    headers: { 'content-type': 'text/csv' },
  })
  const nowMs = () => Date.parse('2031-01-01T01:02:00Z')
  const moveDue = () => Promise.reject(new Error('died'))
  await expect(onTick({ ...ports, nowMs, moveDue })()).rejects.toThrow('died')
  expect(ofModel('dies', await onTick({ ...ports, nowMs })())).toMatchObject([{ kind: 'start' }])
  expect(await runsOf('dies')).toHaveLength(1)
})
