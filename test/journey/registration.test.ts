/** Files by body and by upload through the probe to versions, over HTTP through the whole stack. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { denseModel } from '../../bench/models/dense-model.ts'
import { runHere } from '../cli/run-here.ts'
import { trainOn } from '../fixtures/learning.ts'
import { netGraph } from '../src/onnx/optimise/graphs.ts'
import { type Answer, type Stack, startStack } from '../stack/stack.ts'
import { addModel, danglingModel, inferBody } from './models.ts'

let stack: Stack
let send: Stack['send']
let objects: S3Client
beforeAll(async () => {
  stack = await startStack()
  send = stack.send
  const { s3Endpoint: endpoint, adminCredentials: credentials, region } = stack.running
  objects = new S3Client({ endpoint, credentials, region })
})
afterAll(async () => {
  objects.destroy()
  await stack.close()
})

const pollMs = 50
const octets = { 'content-type': 'application/octet-stream' }
const push = (model: string, body: Uint8Array) =>
  send('POST', `/api/models/${model}/versions`, { body, headers: octets })

const upload = async (bytes: Uint8Array): Promise<string> => {
  const asked = { contentType: 'application/octet-stream', sizeBytes: bytes.length }
  const { status, body } = await send('POST', '/api/uploads', { body: asked })
  expect(status, JSON.stringify(body)).toBe(201)
  const put = await fetch(body.url, { method: 'PUT', body: Buffer.from(bytes), headers: body.headers })
  expect(put.status).toBe(200)
  return body.id
}

const register = (model: string, body: Readonly<Record<string, unknown>>): Promise<Answer> =>
  send('POST', `/api/models/${model}/versions`, { body })

const ended = async ({ status, body, headers }: Answer) => {
  expect(status, JSON.stringify(body)).toBe(202)
  expect(headers.get('location')).toBe(body.location)
  for (;;) {
    const { body: registration } = await send('GET', body.location)
    if (registration.endedAt !== undefined) return registration
    await setTimeout(pollMs)
  }
}

/** Keys below a prefix of the data bucket. */
const dataKeys = async (prefix: string): Promise<readonly string[]> => {
  const Bucket = stack.running.outputs.PercallService?.DataBucket
  const { Contents = [] } = await objects.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }))
  return Contents.map(({ Key = '' }) => Key)
}

const isStored = async (digest: string): Promise<boolean> => {
  const Bucket = stack.running.outputs.PercallService?.ArtifactsBucket
  return objects.send(new HeadObjectCommand({ Bucket, Key: `sha256/${digest}` })).then(
    () => true,
    () => false,
  )
}

/** The command line against this service. */
const percall = (...words: readonly string[]) =>
  runHere([...words, '--url', stack.running.url, '--key', stack.ownerKey], { cwd: tmpdir(), env: {} })

const prices = {
  names: ['size', 'price'],
  columns: [
    ['1', '2', '3', '4'],
    ['10', '20', '30', '41'],
  ],
}

const row = Array.from({ length: 30 }, (_, i) => i / 30)
const denseBody = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 30], data: row }] }

const direct = async (bytes: Uint8Array): Promise<number> => {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 })
  const { y } = await session.run({ x: new Tensor('float32', Float32Array.from(row), [1, 30]) })
  await session.release()
  return Number(y!.data[0])
}

test('a small file -> a version with what its probe measured, and the answer of its pre-optimised form', async () => {
  const { status, body } = await push('small', addModel(3))
  expect(status, JSON.stringify(body)).toBe(201)
  expect(body.probe).toMatchObject({ isolation: 'inline', ort: { digest: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  expect((await send('POST', '/v2/models/small/infer', { body: inferBody(1) })).body.outputs[0].data).toEqual([4])
  expect(await dataKeys('quarantine/')).toEqual([])
})

// More than a request holds; with PERCALL_LONG 30 MB.
test('a large file by upload -> a version by its registration; it answers as the file itself does', async () => {
  const file = process.env.PERCALL_LONG ? denseModel() : denseModel([30, 1200, 1200, 1])
  expect(file.length).toBeGreaterThan(5_000_000)
  const registration = await ended(await register('dense', { upload: await upload(file), alias: 'canary' }))
  expect(registration).toMatchObject({ model: 'dense', state: 'succeeded', step: 'publish', version: 1 })
  const { body } = await send('GET', '/api/models/dense/versions/1')
  expect(body).toMatchObject({ sizeBytes: file.length, aliases: ['canary', 'live'], lineage: { origin: 'push' } })
  expect(body.probe.loadMs).toBeGreaterThan(0)
  const answer = await send('POST', '/v2/models/dense/infer', { body: denseBody })
  expect(Math.abs(answer.body.outputs[0].data[0] - (await direct(file)))).toBeLessThan(1e-6)
  expect(await dataKeys('quarantine/')).toEqual([])
})

test('the same upload asked for again -> the same registration, one version', async () => {
  const body = { upload: await upload(addModel(5)) }
  const answers = await Promise.all([1, 2, 3].map(() => register('again', body)))
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  expect(await ended(answers[0]!)).toMatchObject({ state: 'succeeded', version: 1 })
  expect(await ended(await register('again', body))).toMatchObject({ id: answers[0]!.body.id, version: 1 })
})

test('a manifest beside the file -> rows by column name', async () => {
  const { bytes, manifest } = await trainOn(prices, { target: 'price', algorithm: 'linear', task: 'regression' })
  const registration = await ended(await register('rows', { upload: await upload(bytes), manifest }))
  expect(registration).toMatchObject({ state: 'succeeded', version: 1 })
  const { body } = await send('POST', '/v1/models/rows:predict', { body: { instances: [{ size: 2 }] } })
  expect(body.predictions[0]).toBeCloseTo(20.1, 0)
  const stored = await send('GET', '/api/models/rows/versions/1/artifact?part=manifest')
  expect(JSON.parse(String(stored.body))).toEqual(JSON.parse(JSON.stringify(manifest)))
  const other = await ended(await register('rows', { upload: await upload(addModel(1)), manifest }))
  expect(other).toMatchObject({ state: 'failed', error: { code: 'BAD_MANIFEST', step: 'publish' } })
})

test.for([
  ['a file that does not load', danglingModel],
  ['no model', () => new TextEncoder().encode('hello, this is no model')],
] as const)('%s -> the upload fails with what the body is refused with, and nothing is kept', async ([, make]) => {
  const refused = await push('refused', make())
  expect(refused.status).toBe(400)
  const registration = await ended(await register('refused', { upload: await upload(make()) }))
  expect(registration).toMatchObject({ state: 'failed', step: 'probe' })
  const { code, message, hint } = registration.error
  expect({ code, message, hint }).toEqual({
    code: refused.body.code,
    message: refused.body.error,
    hint: refused.body.hint,
  })
  expect(await send('GET', '/api/models/refused')).toMatchObject({ status: 404 })
  expect(await dataKeys('quarantine/')).toEqual([])
})

test("percall push with a manifest, percall pull -> the same files; a refusal in the command line's own form", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'percall-pull-'))
  try {
    const path = (name: string) => join(folder, name)
    const { bytes, manifest } = await trainOn(prices, { target: 'price', algorithm: 'linear', task: 'regression' })
    writeFileSync(path('m.onnx'), bytes)
    writeFileSync(path('m.json'), JSON.stringify(manifest))
    const pushed = await percall('push', 'taken', path('m.onnx'), '--manifest', path('m.json'), '--alias', 'canary')
    expect(pushed).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^taken\/1 {2}sha256:.*\n.*size.*\n.*probe/s),
    })
    expect(pushed.stderr).toMatch(/uploading 0\.0 MB \.\.\./)
    const pulled = await percall('pull', 'taken@canary', '--out', path('out'), '--json')
    expect(JSON.parse(pulled.stdout)).toMatchObject({ name: 'taken', version: 1 })
    expect(readFileSync(path('out/model.onnx'))).toEqual(Buffer.from(bytes))
    expect(JSON.parse(readFileSync(path('out/manifest.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(manifest)))
    writeFileSync(path('bad.onnx'), danglingModel())
    const refused = await percall('push', 'taken', path('bad.onnx'), '--manifest', path('m.json'))
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/expected a file that ONNX Runtime loads/) })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what names nothing -> refused at once', async () => {
  const { body } = await send('POST', '/api/uploads', { body: { contentType: 'a/b', sizeBytes: 5 } })
  expect(await register('none', { upload: body.id })).toMatchObject({ status: 404, body: { code: 'UNKNOWN_UPLOAD' } })
  expect(await register('none', { upload: 'x', manifest: { task: 'none' } })).toMatchObject({
    status: 400,
    body: { code: 'BAD_MANIFEST' },
  })
  expect(await send('GET', '/api/registrations/none')).toMatchObject({
    status: 404,
    body: { code: 'UNKNOWN_REGISTRATION' },
  })
})

test('uploads that race, and a small file between them -> numbers in a row, one each', async () => {
  const uploads = await Promise.all([1, 2, 3].map((b) => upload(addModel(b))))
  const [small, ...registrations] = await Promise.all([
    push('raced', addModel(4)),
    ...uploads.map(async (id) => ended(await register('raced', { upload: id }))),
  ])
  const numbers = [small.body.version, ...registrations.map(({ version }) => version)]
  expect(numbers.sort()).toEqual([1, 2, 3, 4])
  const { registrations: listed } = (await send('GET', '/api/registrations?limit=3')).body
  expect(listed).toHaveLength(3)
})

test('a registering function that is killed -> the state runs again, and the version comes', async () => {
  const id = await upload(addModel(9))
  const stages = () => stack.running.environments().filter(({ functionName }) => /registerstage/i.test(functionName))
  for (const { pid } of stages()) process.kill(pid, 'SIGKILL')
  while (stages().length > 0) await setTimeout(1)
  const began = await register('killed', { upload: id })
  while (stages().length === 0) await setTimeout(1)
  for (const { pid } of stages()) process.kill(pid, 'SIGKILL')
  expect(await ended(began)).toMatchObject({ state: 'succeeded', version: 1 })
})

test('a version removed -> its pre-optimised bytes go too, unless another version has the same', async () => {
  const first = await push('removed', addModel(77))
  const twin = await push('kept', addModel(77))
  const { digest } = first.body.probe.ort
  expect(digest).toBe(twin.body.probe.ort.digest)
  const remove = async (model: string) => {
    expect((await send('DELETE', `/api/models/${model}/aliases/live`)).status).toBe(204)
    expect((await send('DELETE', `/api/models/${model}/versions/1`)).status).toBe(204)
  }
  await remove('removed')
  expect(await isStored(digest)).toBe(true)
  await remove('kept')
  expect(await isStored(digest)).toBe(false)
})

test('a pushed net, optimised -> a version of its int8 variant that answers; kept under exact; bad policies are 400', async () => {
  const bytes = netGraph([30, 128, 128, 1])
  expect(await ended(await register('net', { upload: await upload(bytes) }))).toMatchObject({ version: 1 })
  const optimise = (body: object) => send('POST', '/api/models/net/versions/1/optimise', { body })
  expect(await optimise({ policy: 'tiny' })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
  const exact = await ended(await optimise({}))
  expect(exact).toMatchObject({ state: 'succeeded', version: 1, optimise: { version: 1, policy: 'exact' } })
  const kept = (await send('GET', '/api/models/net/versions/1')).body
  expect(kept).toMatchObject({ sizeBytes: bytes.length, optimisation: { policy: 'exact', chosen: 'float' } })
  const plot = join(mkdtempSync(join(tmpdir(), 'percall-plot-')), 'variants.svg')
  const { code, stdout, stderr } = await percall('optimise', 'net@1', '--policy', 'smallest:20%', '--plot', plot)
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('making and measuring variants') })
  expect(stdout).toContain('int8 *')
  expect(stdout).toContain('net/2 is a variant of version 1')
  expect(stderr).toContain('live is still version 1: calls of net get that; move it: percall alias net live 2\n')
  expect(readFileSync(plot, 'utf8')).toMatch(/<desc id="d">float: .* KB, .*int8: /)
  const made = (await send('GET', '/api/models/net/versions/2')).body
  expect(made).toMatchObject({ lineage: { origin: 'optimised', version: 1 } })
  expect(made.sizeBytes).toBeLessThan(0.35 * bytes.length)
  const answers = await Promise.all(
    ['net@1', 'net@2'].map(async (name) => {
      const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 30], data: row }]
      return (await send('POST', `/v2/models/${name}/infer`, { body: { inputs } })).body.outputs[0].data[0]
    }),
  )
  expect(Math.abs(answers[1] - answers[0])).toBeLessThan(0.1)
  const { status, body } = await send('POST', '/v1/models/net@2:explain', { body: { instances: [{ x: row }] } })
  expect({ status, ...body }).toMatchObject({ status: 200, method: 'permutation', explanations: [{}] })
  const [{ prediction, answer, baseValue, contributions }] = body.explanations
  expect([prediction, answer].map(Math.fround)).toEqual([1, 1].map((at) => Math.fround(answers[at])))
  const sum = contributions.reduce(
    (total: number, one: { contribution: number }) => total + one.contribution,
    baseValue,
  )
  expect(sum).toBeCloseTo(prediction, 9)
  // Asked again it is the same registration, with the same choice.
  expect((await ended(await optimise({ policy: 'smallest:20%' }))).version).toBe(2)
  expect(await dataKeys('quarantine/')).toEqual([])
})
