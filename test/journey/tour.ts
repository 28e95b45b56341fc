import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { expect } from 'vitest'
import { trainOn } from '../fixtures/learning.ts'
import type { Answer, Stack } from '../stack/stack.ts'
import { endOfBatch, runBatch, startBatch } from './batch-files.ts'
import { addModel, danglingModel, inferBody } from './models.ts'

const pollMs = 100
const csv = { 'content-type': 'text/csv' }
const octets = { 'content-type': 'application/octet-stream' }

export const carsCsv = (): string => readFileSync(new URL('../fixtures/data/cars.train.csv', import.meta.url), 'utf8')

/** A target that no column tells anything of: its model cannot beat the mean. */
const noiseCsv = (): string => {
  const rows = Array.from({ length: 400 }, (_, i) => `${(i * 7919) % 401},${(i * 104_729) % 397}`)
  return ['x,y', ...rows].join('\n')
}

/** Waits until a run has ended, and answers it. */
export const endOf = async ({ send }: Pick<Stack, 'send'>, id: string) => {
  for (;;) {
    const { status, body } = await send('GET', `/api/runs/${id}`)
    expect(status, JSON.stringify(body)).toBe(200)
    if (!['queued', 'running'].includes(body.state)) return body
    await setTimeout(pollMs)
  }
}

/** Waits until the run of a decision is there: the decision is kept before what it says is done. */
export const toBegin = async ({ send }: Pick<Stack, 'send'>, id: string): Promise<void> => {
  while ((await send('GET', `/api/runs/${id}`)).status === 404) await setTimeout(pollMs)
}

const startRun = async ({ send }: Stack, body: Readonly<Record<string, unknown>>): Promise<string> => {
  const started = await send('POST', '/api/runs', { body })
  expect(started.status, JSON.stringify(started.body)).toBe(202)
  return started.body.id
}

const carsRun = {
  model: 'cars',
  dataset: 'cars',
  target: 'Miles_per_Gallon',
  columns: { Name: { drop: true } },
  algorithms: ['linear'],
}

const publish = async ({ send }: Stack): Promise<void> => {
  for (const [offset, path] of ['/api/models/add/versions', '/api/models/add/versions?alias=canary'].entries()) {
    expect((await send('POST', path, { body: addModel(offset), headers: octets })).status).toBe(201)
  }
  expect((await send('PUT', '/api/models/add/aliases/canary', { body: { version: 1 } })).status).toBe(200)
  expect((await send('GET', '/api/models/add/versions/1/artifact')).status).toBe(200)
  expect((await send('GET', '/api/models/add/aliases/canary/history')).status).toBe(200)
}

/** Waits until a registration has ended, and answers it. */
const endOfRegistration = async (send: Stack['send'], began: Answer) => {
  expect(began.status, JSON.stringify(began.body)).toBe(202)
  for (;;) {
    const { body } = await send('GET', began.body.location)
    if (body.endedAt !== undefined) return body
    await setTimeout(pollMs)
  }
}

/** Uploads a file, and what becomes of it. */
const registered = async ({ send }: Stack, bytes: Uint8Array, manifest?: unknown) => {
  const asked = { contentType: 'application/octet-stream', sizeBytes: bytes.length }
  const { url, headers, id: upload } = (await send('POST', '/api/uploads', { body: asked })).body
  expect((await fetch(url, { method: 'PUT', body: Buffer.from(bytes), headers })).status).toBe(200)
  const began = await send('POST', '/api/models/uploaded/versions', { body: { upload, manifest } })
  return await endOfRegistration(send, began)
}

/** The graph of a version that a run made, judged on the rows that it was trained on. */
const optimise = async ({ send }: Stack): Promise<void> => {
  const began = await send('POST', '/api/models/cars/versions/1/optimise', { body: {} })
  expect(await endOfRegistration(send, began)).toMatchObject({ state: 'succeeded' })
}

/** Uploads that become a version, with a manifest, and that do not. */
const register = async (stack: Stack): Promise<void> => {
  const table = {
    names: ['size', 'price'],
    columns: [
      ['1', '2', '3', '4'],
      ['10.5', '20.25', '30.5', '41'],
    ],
  }
  const { bytes, manifest } = await trainOn(table, { target: 'price', algorithm: 'linear' })
  expect(await registered(stack, bytes, manifest)).toMatchObject({ state: 'succeeded', version: 1 })
  expect(await registered(stack, danglingModel())).toMatchObject({ state: 'failed', step: 'probe' })
  expect((await stack.send('GET', '/api/registrations')).status).toBe(200)
}

const sell = async ({ send }: Stack): Promise<void> => {
  const consumer = { id: 'acme', plan: 'postpaid', grants: ['*'] }
  expect((await send('POST', '/api/consumers', { body: consumer })).status).toBe(201)
  const made = await send('POST', '/api/consumers/acme/keys', { body: {} })
  expect(made.status).toBe(201)
  expect((await send('PUT', '/api/prices/add', { body: { unit: 'call', amount: '0.001' } })).status).toBe(200)
  const { secret: key } = made.body
  for (const path of ['/v2', '/v2/models', '/v2/models/add'])
    expect((await send('GET', path, { key })).status).toBe(200)
  expect((await send('POST', '/v2/models/add/infer', { key, body: inferBody(1, 2) })).status).toBe(200)
  // Each function that callers reach counts requests against limits.
  const limited = { limits: { perMinute: 1000, concurrent: 10 } }
  const counted = (await send('POST', '/api/consumers/acme/keys', { body: limited })).body.secret
  for (const path of ['/v2/models', '/v1/batches', '/api/me'])
    expect((await send('GET', path, { key: counted })).status).toBe(200)
  expect((await send('GET', '/api/consumers/acme/usage')).body.totals.calls).toBe(1)
  expect((await send('POST', '/api/consumers', { body: { ...consumer, id: 'ahead', plan: 'prepaid' } })).status).toBe(
    201,
  )
  const credit = { id: 'first', amount: '0.0015', memo: 'a call and a half' }
  expect((await send('POST', '/api/consumers/ahead/credits', { body: credit })).status).toBe(201)
  expect((await send('GET', '/api/consumers/ahead')).status).toBe(200)
  const ahead = (await send('POST', '/api/consumers/ahead/keys', { body: {} })).body.secret
  const pay = async () => (await send('POST', '/v2/models/add/infer', { key: ahead, body: inferBody(1, 2) })).status
  expect([await pay(), await pay()]).toEqual([200, 402])
  const reconciliation = (await send('POST', '/api/reconciliations')).body.id
  await expect
    .poll(async () => (await send('GET', `/api/reconciliations/${reconciliation}`)).body.state, { timeout: 600_000 })
    .toBe('succeeded')
  expect((await send('GET', '/v2/models/add/stats', { key })).status).toBe(200)
  expect((await send('GET', '/api/models/add/stats')).status).toBe(200)
}

/** One dataset in the body, one by upload; an upload that never came is a 404. */
const bring = async ({ send }: Stack): Promise<void> => {
  const bytes = carsCsv()
  expect((await send('POST', '/api/datasets/cars/versions', { body: bytes, headers: csv })).status).toBe(201)
  const noise = noiseCsv()
  const upload = await send('POST', '/api/uploads', { body: { contentType: 'text/csv', sizeBytes: noise.length } })
  expect(upload.status).toBe(201)
  const before = await send('POST', '/api/datasets/noise/versions', { body: { upload: upload.body.id } })
  expect(before.status, JSON.stringify(before.body)).toBe(404)
  const put = await fetch(upload.body.url, { method: 'PUT', body: noise, headers: upload.body.headers })
  expect(put.status).toBe(200)
  const after = await send('POST', '/api/datasets/noise/versions', { body: { upload: upload.body.id } })
  expect(after.status, JSON.stringify(after.body)).toBe(201)
}

/** Runs that end in every way: twice a version, a rejection, a failure, a cancel, a stop from outside. */
const train = async (stack: Stack): Promise<void> => {
  expect(await endOf(stack, await startRun(stack, carsRun))).toMatchObject({ state: 'succeeded', version: 1 })
  // The second is judged against the first, which is live.
  const again = await endOf(stack, await startRun(stack, { ...carsRun, fresh: true, optimise: 'smallest:1%' }))
  expect(again).toMatchObject({ state: 'succeeded', version: 2 })
  const rejected = await endOf(
    stack,
    await startRun(stack, { model: 'noise', dataset: 'noise', target: 'y', algorithms: ['linear'] }),
  )
  expect(rejected).toMatchObject({ state: 'rejected' })
  const columns = { Name: { kind: 'numeric' } }
  const failed = await endOf(stack, await startRun(stack, { ...carsRun, model: 'bad', columns }))
  expect(failed).toMatchObject({ state: 'failed', failure: { step: 'inspect' } })
  await endEarly(stack)
}

const endEarly = async (stack: Stack): Promise<void> => {
  const { send, running } = stack
  const cancelled = await startRun(stack, { ...carsRun, model: 'cancelled' })
  expect((await send('POST', `/api/runs/${cancelled}/cancel`)).body).toMatchObject({ state: 'cancelled' })
  const stopped = await startRun(stack, { ...carsRun, model: 'stopped' })
  const { awsEndpoint: endpoint, adminCredentials: credentials, region } = running
  const machine = running.outputs.PercallTraining!
  const machineArn = Object.values(machine).find((value) => value.includes(':stateMachine:'))!
  const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${stopped}-1`
  await new SFNClient({ endpoint, credentials, region }).send(new StopExecutionCommand({ executionArn }))
  expect(await endOf(stack, stopped)).toMatchObject({ state: 'failed' })
}

/** An object that brings a dataset version and a run, the same bytes again, and one that is no table. */
const retrain = async ({ send, running }: Stack): Promise<void> => {
  const { s3Endpoint: endpoint, adminCredentials: credentials, region, outputs } = running
  const objects = new S3Client({ endpoint, credentials, region, forcePathStyle: true })
  const put = async (name: string, body: string) => {
    const place = { Bucket: outputs.PercallService?.DataBucket, Key: `datasets/watched/incoming/${name}` }
    await objects.send(new PutObjectCommand({ ...place, Body: body }))
    for (;;) {
      const { decisions } = (await send('GET', '/api/triggers/watched/decisions')).body
      const own = decisions.find(({ reason }: { reason: { key: string } }) => reason.key.endsWith(name))
      if (own) return own
      await setTimeout(pollMs)
    }
  }
  await send('POST', '/api/datasets', { body: { name: 'watched' } })
  const body = { run: { dataset: 'watched', target: 'y', algorithms: ['linear'] }, onDataset: true }
  expect((await send('PUT', '/api/triggers/watched', { body })).status).toBe(200)
  const begun = await put('a.csv', noiseCsv())
  expect(begun).toMatchObject({ kind: 'start', datasetVersion: 1 })
  await toBegin({ send }, begun.runId)
  expect((await send('POST', `/api/runs/${begun.runId}/cancel`)).status).toBe(200)
  expect(await put('b.csv', noiseCsv())).toMatchObject({ skip: 'same content' })
  expect(await put('c.txt', noiseCsv())).toMatchObject({ skip: 'file refused' })
  expect((await send('DELETE', '/api/triggers/watched')).status).toBe(204)
  objects.destroy()
}

const remove = async ({ send }: Stack): Promise<void> => {
  expect((await send('DELETE', '/api/models/add/aliases/canary')).status).toBe(204)
  expect((await send('PUT', '/api/models/add/aliases/live', { body: { version: 2 } })).status).toBe(200)
  expect((await send('DELETE', '/api/models/add/versions/1')).status).toBe(204)
  // Known to the environment, not loaded, then removed: the caller is told so.
  expect((await send('GET', '/v2/models/add/versions/2')).status).toBe(200)
  expect((await send('DELETE', '/api/models/add/aliases/live')).status).toBe(204)
  expect((await send('DELETE', '/api/models/add/versions/2')).status).toBe(204)
  expect((await send('POST', '/v2/models/add/versions/2/infer', { body: inferBody(1) })).status).toBe(404)
  expect((await send('DELETE', '/api/models/add')).status).toBe(204)
}

const longBody = () => inferBody(...Array.from({ length: 2000 }, (_, i) => i))

/** Calls that come again, are answered later, are cancelled, and have an upload as their body. */
const callOtherwise = async ({ send }: Stack): Promise<void> => {
  const { secret: key } = (await send('POST', '/api/consumers/acme/keys', { body: {} })).body
  const path = '/v2/models/add/infer'
  const headers = { 'idempotency-key': 'again' }
  for (const replayed of [null, 'true']) {
    const answer = await send('POST', path, { key, headers, body: longBody() })
    expect(answer.headers.get('idempotent-replayed'), JSON.stringify(answer.body)).toBe(replayed)
  }
  const bytes = JSON.stringify(longBody())
  const asked = { contentType: 'application/json', sizeBytes: bytes.length }
  const upload = await send('POST', '/v1/uploads', { key, body: asked })
  const body = `upload:${upload.body.id}`
  expect((await send('POST', path, { key, body })).status).toBe(404)
  await fetch(upload.body.url, { method: 'PUT', body: bytes, headers: upload.body.headers })
  expect((await send('POST', path, { key, body })).status).toBe(200)
  const later = { ...headers, 'idempotency-key': 'later', prefer: 'respond-async, wait=20' }
  for (const input of [body, inferBody(1)])
    expect((await send('POST', path, { key, headers: { prefer: later.prefer }, body: input })).status).toBe(200)
  expect((await send('POST', path, { key, headers: later, body: inferBody(2) })).status).toBe(200)
  expect((await send('POST', path, { key, headers: later, body: inferBody(2) })).status).toBe(202)
  const { body: list } = await send('GET', '/v1/calls', { key })
  expect(list.calls).toHaveLength(3)
  expect((await send('POST', `/v1/calls/${list.calls[0].id}/cancel`, { key })).status).toBe(409)
}

/** Files of rows: one answered with a row that fails, one that cannot be read, one cancelled, one asked for twice. */
const batch = async (stack: Stack): Promise<void> => {
  const { send, ownerKey } = stack
  const batches = { model: 'add', format: 'csv' }
  const done = await runBatch(stack, ownerKey, 'x\n1\nb\n', batches)
  expect(done).toMatchObject({ state: 'succeeded', progress: { rowsSucceeded: 1, rowsFailed: 1 } })
  expect((await send('GET', `/v1/batches/${done.id}/result`)).status).toBe(200)
  expect((await send('GET', `/v1/batches/${done.id}/errors`)).body.errors).toHaveLength(1)
  expect(await runBatch(stack, ownerKey, 'x\n', batches)).toMatchObject({ state: 'failed' })
  const cancelled = await startBatch(stack, ownerKey, `x\n${'1\n'.repeat(30_000)}`, batches)
  expect((await send('POST', `/v1/batches/${cancelled.body.id}/cancel`)).status).toBe(200)
  await endOfBatch(stack, ownerKey, cancelled.body.id)
  const trained = await runBatch(stack, ownerKey, carsCsv(), { model: 'cars', format: 'csv', unknown: 'ignore' })
  expect(trained).toMatchObject({ state: 'succeeded' })
  const headers = { 'idempotency-key': 'batch' }
  // Asked for, and never put.
  const { body } = await send('POST', '/v1/uploads', { body: { contentType: 'text/csv', sizeBytes: 1 } })
  expect((await send('POST', '/v1/batches', { body: { ...batches, input: body.id }, headers })).status).toBe(404)
}

/** Everything that the product does, once. */
export const tour = async (stack: Stack): Promise<void> => {
  await publish(stack)
  await register(stack)
  await sell(stack)
  await callOtherwise(stack)
  await bring(stack)
  await train(stack)
  await optimise(stack)
  await retrain(stack)
  await batch(stack)
  await remove(stack)
}
