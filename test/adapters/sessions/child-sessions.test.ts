import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sha256 } from '../../../adapters/aws/artifacts.ts'
import { childSessions } from '../../../adapters/sessions/child-sessions.ts'
import { PercallError } from '../../../src/errors.ts'
import { createGraph } from '../../../src/onnx/graph.ts'
import type { Version } from '../../../src/registry/version.ts'
import type { Datatype, Tensor, TensorData } from '../../../src/tensor/tensor.ts'
import { gatherModel, hugeConstantModel, loopModel, zerosModel } from '../../src/onnx/hostile.ts'
import { functionOf } from '../function-memory.ts'

const identity = (datatype: Datatype): Uint8Array => {
  const graph = createGraph('identity')
  graph.node('Identity', [graph.input('x', datatype, [-1])], { output: 'y' })
  graph.output('y', datatype, [-1])
  return graph.toBytes()
}

const garbage = Uint8Array.of(1, 2, 3)
const files = [
  garbage,
  loopModel(),
  zerosModel(),
  hugeConstantModel(),
  gatherModel(),
  ...(['FP32', 'BYTES', 'INT64', 'BOOL', 'FP16'] as const).map(identity),
]

const versionOf = (bytes: Uint8Array): Version => ({
  model: 'm',
  number: 1,
  digest: sha256(bytes),
  sizeBytes: bytes.length,
  signature: { inputs: [], outputs: [] },
  createdAtMs: 0,
})

const made: { readonly end: () => void }[] = []
type Options = { readonly timeLimitMs?: number; readonly childrenMb?: number; readonly nowMs?: () => number }
const openChildren = (options: Options = {}) => {
  const opened = childSessions({
    readArtifact: async (digest) => files.find((bytes) => sha256(bytes) === digest) ?? new Uint8Array(0),
    program: {
      file: join(import.meta.dirname, '../../../adapters/child/child.ts'),
      options: [],
      environment: { AWS_SECRET_ACCESS_KEY: 'must not be passed' },
    },
    threads: 1,
    timeLimitMs: options.timeLimitMs ?? 120_000,
    functionMemoryMb: functionOf(options.childrenMb ?? 1600),
    nowMs: options.nowMs ?? (() => performance.now()),
  })
  made.push(opened)
  return opened
}
afterAll(() => {
  for (const one of made) one.end()
})

const tensor = (
  name: string,
  datatype: Datatype,
  data: TensorData,
  shape: readonly number[] = [data.length],
): Tensor => ({ name, datatype, shape, data })

const refusal = async (promise: Promise<unknown>): Promise<PercallError> => {
  const thrown = await promise.catch((error: unknown) => error)
  if (thrown instanceof PercallError) return thrown
  throw new Error(`expected a refusal, got ${String(thrown)}`)
}

test.for<[Datatype, TensorData]>([
  ['FP32', Float32Array.of(1.5, Number.NaN, Number.NEGATIVE_INFINITY, -0)],
  ['INT64', BigInt64Array.of(2n ** 62n, -1n)],
  ['BYTES', ['a', '', '\u{1f600}']],
  ['BOOL', Uint8Array.of(1, 0)],
  ['FP16', Uint16Array.of(0x3c00, 0xfc00)],
])('%s through a child -> the same bits', async ([datatype, data]) => {
  const { infer, end } = openChildren()
  const version = versionOf(identity(datatype))
  const first = await infer(version, [tensor('x', datatype, data)], ['y'])
  expect(first.outputs).toEqual([tensor('y', datatype, data)])
  expect(first.loadMs).toBeGreaterThan(0)
  // The child stays for the next call.
  expect(await infer(version, [tensor('x', datatype, data)], ['y'])).toEqual({
    outputs: [tensor('y', datatype, data)],
    loadMs: 0,
  })
  end()
})

test('a loop without end -> INFERENCE_TIMEOUT, and the same model answers its next call', async () => {
  // Each reading comes so much later than the one before: of the looping call a second of its minute is left, of the others all.
  const late = { byMs: 0, eachMs: 0 }
  const nowMs = () => {
    late.byMs += late.eachMs
    return performance.now() + late.byMs
  }
  const { infer } = openChildren({ timeLimitMs: 60_000, nowMs })
  const version = versionOf(loopModel())
  const go = (value: number) => infer(version, [tensor('go', 'FP32', Float32Array.of(value), [])], ['y'])
  expect((await go(0)).outputs[0]?.data).toEqual(Float32Array.of(0))
  late.eachMs = 59_000
  const error = await refusal(go(1))
  late.eachMs = 0
  expect([error.code, error.status, error.message]).toEqual([
    'INFERENCE_TIMEOUT',
    504,
    'model m/1: expected an answer within 60 s, got none',
  ])
  expect((await go(0)).outputs[0]?.data).toEqual(Float32Array.of(0))
})

test('8 GB by a value of the input -> OUT_OF_MEMORY, and the next call answers', async () => {
  const { infer } = openChildren({ childrenMb: 900 })
  const version = versionOf(zerosModel())
  const zeros = (n: bigint) => infer(version, [tensor('n', 'INT64', BigInt64Array.of(n))], ['y'])
  expect((await zeros(10n)).outputs[0]?.data).toEqual(Float32Array.of(1))
  for (const n of [2_000_000_000n, 10n ** 12n]) {
    const error = await refusal(zeros(n))
    expect([error.code, error.status]).toEqual(['OUT_OF_MEMORY', 400])
    expect(error.message).toMatch(/^model m\/1/)
    expect((await zeros(10n)).outputs[0]?.data).toEqual(Float32Array.of(1))
  }
})

test('8 GB in the file itself -> OUT_OF_MEMORY', async () => {
  const { infer } = openChildren({ childrenMb: 900 })
  const error = await refusal(infer(versionOf(hugeConstantModel()), [tensor('x', 'FP32', Float32Array.of(1))], ['y']))
  expect(error.code).toBe('OUT_OF_MEMORY')
})

test('values that the model refuses -> INFERENCE_REFUSED in our words, the child stays', async () => {
  const { infer } = openChildren()
  const version = versionOf(gatherModel())
  const at = (index: bigint) => infer(version, [tensor('i', 'INT64', BigInt64Array.of(index, index), [1, 2])], ['y'])
  await at(0n)
  const error = await refusal(at(9n))
  expect(`${error.code}: ${error.message}`).toBe(
    'INFERENCE_REFUSED: model m/1 refused the inputs: operator GatherElements: expected indices in range, got one beyond',
  )
  expect((await at(1n)).loadMs).toBe(0)
})

test('bytes that ONNX Runtime cannot open -> refused by name, and others are answered', async () => {
  const { infer } = openChildren()
  const error = await refusal(infer(versionOf(garbage), [], ['y']))
  expect(`${error.code}: ${error.message}`).toBe(
    'UNSUPPORTED_ONNX: model m/1 does not load in ONNX Runtime: its bytes are no ONNX protobuf',
  )
  expect(
    (await infer(versionOf(identity('FP32')), [tensor('x', 'FP32', Float32Array.of(1))], ['y'])).outputs,
  ).toHaveLength(1)
})
