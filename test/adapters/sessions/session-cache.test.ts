import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../../adapters/aws/artifacts.ts'
import { preloadPinned } from '../../../adapters/registry/pinned-models.ts'
import { sessions } from '../../../adapters/sessions/sessions.ts'
import { PercallError } from '../../../src/errors.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import { mostModelMb, needsLarge } from '../../../src/registry/placement.ts'
import type { Version } from '../../../src/registry/version.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

const width = 64

/** y = relu(x W) with weights that differ by `seed`. */
const denseOf = (seed: number): Uint8Array => {
  const graph = createGraph('dense')
  const weights = Float32Array.from({ length: width * width }, (_, i) => Math.sin(i + seed))
  const x = graph.input('x', 'FP32', [-1, width])
  graph.node('Relu', [graph.node('MatMul', [x, graph.constant('FP32', [width, width], weights)])], { output: 'y' })
  graph.output('y', 'FP32', [-1, width])
  return graph.toBytes()
}

const x: Tensor = {
  name: 'x',
  datatype: 'FP32',
  shape: [2, width],
  data: Float32Array.from({ length: 2 * width }, (_, i) => Math.cos(i)),
}

const folder = mkdtempSync(join(tmpdir(), 'percall-sessions-'))
afterAll(() => rmSync(folder, { recursive: true }))

const onnx = denseOf(1)
let ort: Uint8Array
beforeAll(async () => {
  const path = join(folder, 'm.ort')
  const extra = { session: { save_model_format: 'ORT' } }
  const writer = await InferenceSession.create(onnx, {
    graphOptimizationLevel: 'extended',
    optimizedModelFilePath: path,
    extra,
  })
  await writer.release()
  ort = new Uint8Array(readFileSync(path))
})

const figures = { isolation: 'inline', probedElements: 1e6, loadMs: 1, inferMs: 1, peakMb: 100 } as const

const plain = (bytes: Uint8Array, number = 1): Version => ({
  model: 'm',
  number,
  digest: sha256(bytes),
  sizeBytes: bytes.length,
  signature: { inputs: [], outputs: [] },
  createdAtMs: 0,
})

const preOptimised = (): Version => ({
  ...plain(onnx, 2),
  serving: { ...figures, ort: { digest: sha256(ort), sizeBytes: ort.length, maxDifference: 0 } },
})

const openSessions = (files: readonly Uint8Array[]) => {
  const reads: string[] = []
  const opened = sessions({
    readArtifact: async (digest) => {
      reads.push(digest)
      const found = files.find((bytes) => sha256(bytes) === digest)
      if (!found) throw new PercallError('UNKNOWN_VERSION', `version: ${digest}`)
      return new Uint8Array(found)
    },
    mostBytes: 1_000_000,
    threads: 1,
    nowMs: () => performance.now(),
  })
  return { ...opened, reads }
}

test('a version with a pre-optimised file -> that one is read, and answers as the original does', async () => {
  const { infer, reads } = openSessions([onnx, ort])
  const [original] = (await infer(plain(onnx), [x], ['y'])).outputs
  const [optimised] = (await infer(preOptimised(), [x], ['y'])).outputs
  expect(reads).toEqual([sha256(onnx), sha256(ort)])
  const [expected, found] = [original!.data as Float32Array, optimised!.data as Float32Array]
  expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5)
})

test('much garbage after a zero-copy load -> the weights are still there', async () => {
  const { infer } = openSessions([ort])
  const first = await infer(preOptimised(), [x], ['y'])
  for (let i = 0; i < 200; i++) new Uint8Array(1_000_000).fill(i)
  expect((await infer(preOptimised(), [x], ['y'])).outputs).toEqual(first.outputs)
})

test('a version that runs in a process of its own -> not opened in this one ahead of its call', async () => {
  const { preload, reads } = openSessions([onnx])
  await preload({ ...plain(onnx), serving: { ...figures, isolation: 'child' } })
  expect(reads).toEqual([])
})

test('pinned models -> loaded in their order; one that is not there is left to its call', async () => {
  const { preload, reads } = openSessions([onnx, ort])
  const versions: Readonly<Record<string, Version>> = { first: plain(onnx), second: preOptimised() }
  const resolve = async ({ model }: { readonly model: string }) => {
    const version = versions[model]
    if (!version) throw new PercallError('UNKNOWN_MODEL', model)
    return { version }
  }
  await preloadPinned({ resolve, preload })('first,gone,a@b@c,second@2')
  expect(reads).toEqual([sha256(onnx), sha256(ort)])
})

test.for([
  [1061, 1061, false],
  [1061, 1062, true],
] as const)('a limit of %d MB, a peak of %d MB -> large: %s', ([limitMb, peakMb, expected]) => {
  expect(mostModelMb(1769)).toBe(1061)
  expect(needsLarge({ serving: { ...figures, peakMb } }, limitMb)).toBe(expected)
  expect(needsLarge({}, limitMb)).toBe(false)
})
