import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { probe } from '../../../adapters/registry/probe.ts'
import { compute } from '../../../adapters/sessions/compute.ts'
import { sessionOptions } from '../../../adapters/sessions/session-options.ts'
import { gbdt } from '../../../src/estimators/gbdt.ts'
import { fitFully } from '../../../src/estimators/list.ts'
import { createGraph, type Graph } from '../../../src/onnx/graph.ts'
import { startS3 } from '../../local/objects/server.ts'
import { gatherModel, loopModel, modelOf, outerModel, zerosModel } from '../../src/onnx/hostile.ts'

// Its own: other files of tests probe at the same time.
const temporary = mkdtempSync(join(tmpdir(), 'percall-probes-'))
const { TMPDIR } = process.env
let s3: Awaited<ReturnType<typeof startS3>>
beforeAll(async () => {
  process.env.TMPDIR = temporary
  s3 = await startS3()
})
afterAll(async () => {
  await s3.close()
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
  rmSync(temporary, { recursive: true })
})

const bucket = 'versioned'
// More than any of these files takes on a machine that stalls.
const limits = {
  loadMs: 120_000,
  loadMsPerMb: 60,
  totalMs: 300_000,
  runMs: 60_000,
  growMs: 60_000,
  memoryMb: 1500,
  inlineMb: 500,
}
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const stored = async (bytes: Uint8Array, id = 'one') => {
  const key = `quarantine/${id}/model.onnx`
  const { VersionId } = await s3.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }))
  return { key, digest: sha256(bytes), ...(VersionId && { versionId: VersionId }) }
}

const probing = (changed: Partial<typeof limits> = {}) =>
  probe({
    data: { objects: s3.s3, bucket },
    child: { file: join(import.meta.dirname, '../../../adapters/child/child.ts'), options: [], environment: {} },
    threads: 1,
    limits: { ...limits, ...changed },
  })
const probed = async (bytes: Uint8Array, changed: Partial<typeof limits> = {}) => probing(changed)(await stored(bytes))

const built = (make: (graph: Graph) => void): Uint8Array => {
  const graph = createGraph('g')
  make(graph)
  return graph.toBytes()
}

const layers = built((graph) => {
  const size = 64
  let value = graph.input('x', 'FP32', [-1, size])
  for (let i = 0; i < 3; i++) {
    const weights = graph.constant(
      'FP32',
      [size, size],
      Float32Array.from({ length: size * size }, (_, j) => Math.sin(i + j) / 8),
    )
    value = graph.node('Relu', [graph.node('MatMul', [value, weights])])
  }
  graph.node('Softmax', [value], { output: 'y' })
  graph.output('y', 'FP32', [-1, size])
})

test('a network -> inline, measured, with a pre-optimised file that is stored under its digest', async () => {
  const report = await probed(layers)
  expect(report).toMatchObject({ isolation: 'inline', signature: { inputs: [{ name: 'x', shape: [-1, 64] }] } })
  expect(report.why).toBeUndefined()
  expect(report.probedElements).toBeGreaterThan(10_000)
  expect(report.loadMs).toBeGreaterThan(0)
  expect(report.inferMs).toBeGreaterThan(0)
  expect(report.peakMb).toBeGreaterThan(process.platform === 'linux' ? 50 : -1)
  expect(report.ort?.maxDifference).toBeLessThan(1e-5)
  expect(await probing()({ ...(await stored(layers, 'half')), asItIs: true })).not.toHaveProperty('ort')
  const { Body } = await s3.s3.send(new GetObjectCommand({ Bucket: bucket, Key: report.ort!.key }))
  const bytes = await Body!.transformToByteArray()
  expect([report.ort!.key, sha256(bytes), bytes.length]).toEqual([
    'quarantine/one/model.ort',
    report.ort!.digest,
    report.ort!.sizeBytes,
  ])
})

/** Boosted trees of our own: their attributes are long tensors. */
const trees = async (): Promise<Uint8Array> => {
  const [rows, columns] = [200, 4]
  const values = Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 7))
  const y = Float64Array.from({ length: rows }, (_, i) => values[i * columns]! + values[i * columns + 1]!)
  const { model } = await fitFully(
    gbdt,
    gbdt.hyper({ iterations: 20 }),
    { X: { rows, columns, values }, y },
    compute(1),
  )
  const graph = createGraph('trees')
  const x = graph.input('x', 'FP32', [-1, columns])
  const margins = gbdt.toGraph(model, graph, { name: x, columns, wide: false })
  graph.node('Identity', [margins], { output: 'y' })
  graph.output('y', 'FP64', [-1, 1])
  return graph.toBytes()
}

test.for<[string, () => Uint8Array | Promise<Uint8Array>, { readonly ort: boolean }]>([
  ['a network', () => layers, { ort: true }],
  // ONNX Runtime 1.30 keeps no attribute of a tree in the file's bytes: a pre-optimised form would not open from them.
  ['boosted trees', trees, { ort: false }],
])('%s -> the file that is to serve opens as it is served, from its bytes', async ([, make, { ort }]) => {
  const bytes = await make()
  const report = await probed(bytes)
  expect(report.ort !== undefined).toBe(ort)
  const { Body } = await s3.s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: report.ort?.key ?? 'quarantine/one/model.onnx' }),
  )
  const served = await Body!.transformToByteArray()
  const session = await InferenceSession.create(served, sessionOptions(report.ort ? 'ort' : 'onnx', 1))
  const columns = Number(report.signature.inputs[0]!.shape[1])
  const { y } = await session.run({ x: new OrtTensor('float32', new Float32Array(columns), [1, columns]) })
  expect(y?.dims[0]).toBe(1)
  await session.release()
})

test.for([
  // Its trial does not end: there is nothing to compare a pre-optimised file with.
  { what: 'a loop', bytes: loopModel(), why: /operator Loop/, ort: false, changed: { runMs: 1000 } },
  { what: 'sizes by value', bytes: zerosModel(), why: /operator ConstantOfShape/, ort: true },
  {
    what: 'an index that no trial hits',
    // A table without rows: every index is beyond.
    bytes: built((graph) => {
      const table = graph.constant('FP32', [0, 2], new Float32Array(0))
      graph.node('Gather', [table, graph.input('i', 'INT64', [-1])], { output: 'y' })
      graph.output('y', 'FP32', [-1, 2])
    }),
    why: /^trial inputs were refused: operator Gather: /,
    ort: false,
  },
  {
    what: 'an input beyond every trial',
    bytes: built((graph) => {
      graph.node('Identity', [graph.input('x', 'FP32', [60_000, 60_000])], { output: 'y' })
      graph.output('y', 'FP32', [60_000, 60_000])
    }),
    why: /^expected trial inputs of at most 1048576 elements/,
    ort: false,
  },
])('$what -> registers, for a child', async ({ bytes, why, ort, changed }) => {
  const report = await probed(bytes, changed)
  expect([report.isolation, report.ort !== undefined]).toEqual(['child', ort])
  expect(report.why).toMatch(why)
})

test('memory that grows with the square of the inputs -> inline as far as it was tried', async () => {
  const report = await probed(outerModel())
  expect(report.isolation).toBe('inline')
  expect(report.probedElements).toBeLessThan(200_000)
  expect(report.peakMb).toBeLessThanOrEqual(500)
})

test.for([
  { what: 'no model', bytes: Uint8Array.of(1, 2, 3), code: 'NOT_ONNX', changed: {} },
  {
    what: 'an operator that is none',
    bytes: modelOf({ node: [{ opType: 'Nope', input: ['x'], output: ['y'] }] }),
    code: 'UNSUPPORTED_ONNX',
    changed: {},
  },
  { what: 'a load beyond its time', bytes: gatherModel(), code: 'UNSUPPORTED_ONNX', changed: { loadMs: 1 } },
  { what: 'a load beyond its memory', bytes: layers, code: 'UNSUPPORTED_ONNX', changed: { memoryMb: 20 } },
])('$what -> $code, without a path', async ({ bytes, code, changed }) => {
  const thrown = await probed(bytes, changed).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ code })
  expect((thrown as Error).message).not.toMatch(/[\\/]\w/)
})

test('other bytes than announced -> an Error, never a report', async () => {
  const event = await stored(gatherModel())
  await expect(probing()({ ...event, digest: sha256(layers) })).rejects.toThrow('expected bytes of digest')
})

test('afterwards -> no file is left', () => {
  expect(readdirSync(temporary).filter((name) => name.startsWith('percall-probe-'))).toEqual([])
})
