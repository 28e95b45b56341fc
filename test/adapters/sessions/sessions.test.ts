import { expect, test } from 'vitest'
import { sha256 } from '../../../adapters/aws/artifacts.ts'
import { sessions } from '../../../adapters/sessions/sessions.ts'
import { threadsFor } from '../../../adapters/sessions/threads.ts'
import { PercallError } from '../../../src/errors.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import { inspectOnnx } from '../../../src/onnx/inspect.ts'
import type { Version } from '../../../src/registry/version.ts'
import type { Datatype, Tensor, TensorData } from '../../../src/tensor/tensor.ts'

/** y = x of one datatype. */
const identity = (datatype: Datatype): Uint8Array => {
  const graph = createGraph('identity')
  graph.node('Identity', [graph.input('x', datatype, [-1])], { output: 'y' })
  graph.output('y', datatype, [-1])
  return graph.toBytes()
}

/** y = x reshaped to 3 columns: refuses other counts when it runs. */
const reshape = (): Uint8Array => {
  const graph = createGraph('reshape')
  const shape = graph.constant('INT64', [2], BigInt64Array.of(-1n, 3n))
  graph.node('Reshape', [graph.input('x', 'FP32', [-1]), shape], { output: 'y' })
  graph.output('y', 'FP32', [-1, 3])
  return graph.toBytes()
}

const versionOf = (bytes: Uint8Array, number = 1): Version => ({
  model: 'm',
  number,
  digest: sha256(bytes),
  sizeBytes: bytes.length,
  signature: { inputs: [], outputs: [] },
  createdAtMs: 0,
})

const openSessions = (files: readonly Uint8Array[], mostBytes = 1_000_000) => {
  const reads: string[] = []
  const { infer, preload } = sessions({
    readArtifact: async (digest) => {
      reads.push(digest)
      return files.find((bytes) => sha256(bytes) === digest) ?? new Uint8Array(0)
    },
    mostBytes,
    threads: 1,
    nowMs: () => performance.now(),
  })
  return { infer, preload, reads }
}

const tensor = (datatype: Datatype, data: TensorData): Tensor => ({ name: 'x', datatype, shape: [data.length], data })

const refusal = async (promise: Promise<unknown>): Promise<PercallError> => {
  const thrown = await promise.catch((error: unknown) => error)
  if (thrown instanceof PercallError) return thrown
  throw new Error(`expected a refusal, got ${String(thrown)}`)
}

test.for<[Datatype, TensorData]>([
  ['BOOL', Uint8Array.of(1, 0)],
  ['UINT8', Uint8Array.of(255)],
  ['UINT16', Uint16Array.of(65_535)],
  ['UINT32', Uint32Array.of(4_294_967_295)],
  ['UINT64', BigUint64Array.of(2n ** 64n - 1n)],
  ['INT8', Int8Array.of(-128)],
  ['INT16', Int16Array.of(-32_768)],
  ['INT32', Int32Array.of(-2_147_483_648)],
  ['INT64', BigInt64Array.of(-(2n ** 63n))],
  ['FP32', Float32Array.of(0.1, Number.NaN)],
  ['FP64', Float64Array.of(0.1, Number.POSITIVE_INFINITY)],
  ['BYTES', ['', 'ä€😀']],
])('%s through ONNX Runtime -> the same values', async ([datatype, data]) => {
  const bytes = identity(datatype)
  const { infer } = openSessions([bytes])
  const { outputs } = await infer(versionOf(bytes), [tensor(datatype, data)], ['y'])
  expect(outputs).toEqual([{ name: 'y', datatype, shape: [data.length], data }])
})

test('a second call of a version -> no second read of its file', async () => {
  const bytes = identity('FP32')
  const { infer, reads } = openSessions([bytes])
  const first = await infer(versionOf(bytes), [tensor('FP32', Float32Array.of(1))], ['y'])
  const second = await infer(versionOf(bytes), [tensor('FP32', Float32Array.of(2))], ['y'])
  expect(first.loadMs).toBeGreaterThan(0)
  expect(second.loadMs).toBe(0)
  expect(reads).toHaveLength(1)
})

test('a load that was begun -> the call waits for it and does not read the file again', async () => {
  const file = identity('FP32')
  const { infer, preload, reads } = openSessions([file])
  preload(versionOf(file))
  const { outputs } = await infer(versionOf(file), [tensor('FP32', Float32Array.of(1))], ['y'])
  expect(outputs[0]?.data).toEqual(Float32Array.of(1))
  expect(reads).toHaveLength(1)
})

test('a load that was begun and failed -> the call itself is refused', async () => {
  const { infer, preload } = openSessions([])
  const version = versionOf(Uint8Array.of(1))
  preload(version)
  expect(await refusal(infer(version, [], ['y']))).toMatchObject({ code: 'UNSUPPORTED_ONNX' })
})

test('a load that an earlier call began, cut off while the environment was frozen -> read anew, the call is answered', async () => {
  const file = identity('FP32')
  const fates = [() => Promise.reject(new Error('socket hang up')), async () => file]
  const { infer, preload } = sessions({
    readArtifact: () => fates.shift()!(),
    mostBytes: 1_000_000,
    threads: 1,
    nowMs: () => performance.now(),
  })
  preload(versionOf(file))
  const { outputs } = await infer(versionOf(file), [tensor('FP32', Float32Array.of(1))], ['y'])
  expect(outputs[0]?.data).toEqual(Float32Array.of(1))
})

test('more files than fit -> the least recently used one is closed, and opens again when called', async () => {
  const files = [identity('FP32'), identity('FP64'), identity('INT64')]
  const sizes = files.map(({ length }) => length)
  const { infer, reads } = openSessions(files, sizes[0]! + sizes[1]! + 1)
  const data = [Float32Array.of(1), Float64Array.of(1), BigInt64Array.of(1n)]
  const datatypes: Datatype[] = ['FP32', 'FP64', 'INT64']
  const run = (i: number) => infer(versionOf(files[i]!, i + 1), [tensor(datatypes[i]!, data[i]!)], ['y'])
  for (const i of [0, 1, 0, 2, 0, 1]) await run(i)
  expect(reads.map((digest) => files.findIndex((bytes) => sha256(bytes) === digest))).toEqual([0, 1, 2, 1])
})

test('values that the graph refuses -> INFERENCE_REFUSED without a path, and the next call works', async () => {
  const bytes = reshape()
  const { infer } = openSessions([bytes])
  const error = await refusal(infer(versionOf(bytes), [tensor('FP32', Float32Array.of(1, 2))], ['y']))
  expect(error.code).toBe('INFERENCE_REFUSED')
  expect(error.message).toContain('m/1')
  expect(error.message).not.toMatch(/\/\w+\/\w+|\.cc|onnxruntime_src/)
  const { outputs } = await infer(versionOf(bytes), [tensor('FP32', Float32Array.of(1, 2, 3))], ['y'])
  expect(outputs[0]?.shape).toEqual([1, 3])
})

test('bytes that ONNX Runtime cannot open -> UNSUPPORTED_ONNX that names the version', async () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const { infer } = openSessions([bytes])
  const error = await refusal(infer(versionOf(bytes), [], ['y']))
  expect(`${error.code}: ${error.message}`).toMatch(/^UNSUPPORTED_ONNX: model m\/1 does not load in ONNX Runtime: ./)
})

test('a graph of ours -> its signature is what the registry stores', () => {
  expect(inspectOnnx(reshape()).signature).toMatchObject({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 3] }],
  })
})

test.for([
  [128, 1],
  [1769, 1],
  [3538, 2],
  [10_240, 5],
] as const)('%d MB of function memory -> %d threads', ([memoryMb, threads]) => {
  expect(threadsFor(memoryMb)).toBe(threads)
})
