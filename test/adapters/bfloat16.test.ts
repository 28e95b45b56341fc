/** Models with bfloat16 at their edges: probed, and run from the files that their probes left, inline and in a child. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { probe } from '../../adapters/registry/probe.ts'
import { childSessions } from '../../adapters/sessions/child-sessions.ts'
import { sessions } from '../../adapters/sessions/sessions.ts'
import type { Infer } from '../../src/ports.ts'
import type { ProbeReport } from '../../src/registry/probe.ts'
import { probedDraft } from '../../src/registry/serving.ts'
import type { Version } from '../../src/registry/version.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import {
  bfloat16Add,
  bfloat16Identity,
  bfloat16Product,
  bfloat16Repeat,
  bfloat16Sum,
  bfloat16Untried,
  nearest,
  numberOf,
  productWeights,
} from '../fixtures/bfloat16-models.ts'
import { startS3 } from '../local/objects/server.ts'
import { functionOf } from './function-memory.ts'

const bucket = 'versioned'
const program = { file: join(import.meta.dirname, '../../adapters/child/child.ts'), options: [], environment: {} }
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

let s3: Awaited<ReturnType<typeof startS3>>
let inline: Infer
let children: ReturnType<typeof childSessions>
/** What a version may be loaded from: the files beside model.onnx, which itself does not load. */
const served = new Map<string, Uint8Array>()

beforeAll(async () => {
  s3 = await startS3()
  const readArtifact = async (digest: string) => served.get(digest) ?? new Uint8Array(0)
  const nowMs = () => performance.now()
  inline = sessions({ readArtifact, mostBytes: 1e6, threads: 1, nowMs }).infer
  const limits = { timeLimitMs: 120_000, functionMemoryMb: functionOf(1600) }
  children = childSessions({ readArtifact, program, threads: 1, nowMs, ...limits })
})
afterAll(async () => {
  children.end()
  await s3.close()
})

const limits = {
  ...{ loadMs: 120_000, loadMsPerMb: 60, totalMs: 300_000, runMs: 60_000, growMs: 1000 },
  ...{ memoryMb: 1500, inlineMb: 500 },
}

const probed = async (bytes: Uint8Array): Promise<ProbeReport> => {
  const key = 'quarantine/one/model.onnx'
  await s3.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }))
  const report = await probe({ data: { objects: s3.s3, bucket }, child: program, threads: 1, limits })({
    key,
    digest: sha256(bytes),
  })
  for (const file of [report.ort, report.rewritten]) {
    if (!file) continue
    const { Body } = await s3.s3.send(new GetObjectCommand({ Bucket: bucket, Key: file.key }))
    const content = await Body!.transformToByteArray()
    expect([sha256(content), content.length]).toEqual([file.digest, file.sizeBytes])
    served.set(file.digest, content)
  }
  return report
}

const registered = async (bytes: Uint8Array): Promise<Version> => {
  const draft = probedDraft({ model: 'm', digest: sha256(bytes), sizeBytes: bytes.length }, await probed(bytes))
  return { ...draft, number: 1, createdAtMs: 0 }
}

const tensor = (name: string, data: Uint16Array, shape: readonly number[] = [data.length]): Tensor => ({
  ...{ name, datatype: 'BF16', shape, data },
})

const numbersOf = (found: Tensor | undefined): readonly number[] => {
  expect(found).toMatchObject({ datatype: 'BF16', data: expect.any(Uint16Array) })
  return Array.from(found!.data as Uint16Array, numberOf)
}

const everyPattern = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits)
const isNan = (bits: number): boolean => (bits & 0x7fff) > 0x7f80

test('Identity of all 65,536 patterns, inline and in a child -> the same bits, and NaN of the same sign', async () => {
  const version = await registered(bfloat16Identity)
  expect(version.signature.inputs).toEqual([{ name: 'x', datatype: 'BF16', shape: [-1] }])
  expect(version.signature.outputs).toEqual([{ name: 'y', datatype: 'BF16', shape: [-1] }])
  for (const infer of [inline, children.infer]) {
    const { outputs } = await infer(version, [tensor('x', everyPattern)], ['y'])
    expect(outputs).toMatchObject([{ name: 'y', datatype: 'BF16', shape: [65_536] }])
    const found = outputs[0]!.data as Uint16Array
    const wrong = (bits: number, i: number): boolean => (isNan(i) ? !isNan(bits) || bits >> 15 !== i >> 15 : bits !== i)
    expect(found.findIndex(wrong)).toBe(-1)
  }
})

test('a sum of all patterns with shifted ones -> the nearest bfloat16; an FP32 output beside it as it is', async () => {
  const version = await registered(bfloat16Sum)
  const shifted = everyPattern.map((bits) => (bits * 40_503 + 12_345) & 0xffff)
  const inputs = [tensor('a', everyPattern), tensor('b', shifted)]
  const { outputs } = await inline(version, inputs, ['twice', 'sum'])
  const [twice, sum] = outputs
  expect([twice!.name, twice!.datatype, sum!.name]).toEqual(['twice', 'FP32', 'sum'])
  const found = numbersOf(sum)
  const expected = everyPattern.reduce<number[]>((sums, bits, i) => {
    sums.push(nearest(Math.fround(numberOf(bits) + numberOf(shifted[i]!))))
    return sums
  }, [])
  expect(found.findIndex((value, i) => !Object.is(value, expected[i]))).toBe(-1)
  const doubled = twice!.data as Float32Array
  expect(doubled.findIndex((value, bits) => !Object.is(value, Math.fround(2 * numberOf(bits))))).toBe(-1)
})

test('a product with weights in bfloat16 -> what arithmetic says, rounded once', async () => {
  const version = await registered(bfloat16Product)
  const x = Uint16Array.of(0x3f80, 0x4049, 0xc0a0, 0x3dcd, 0x0000, 0x42c8)
  const { outputs } = await inline(version, [tensor('x', x, [2, 3])], ['y'])
  const expected = [0, 1].flatMap((row) =>
    [0, 1].map((column) =>
      nearest(productWeights.reduce((sum, weights, k) => sum + numberOf(x[3 * row + k]!) * weights[column]!, 0)),
    ),
  )
  expect(outputs[0]!.shape).toEqual([2, 2])
  expect(numbersOf(outputs[0])).toEqual(expected)
})

test('sizes by value -> a child, the same numbers', async () => {
  const version = await registered(bfloat16Repeat)
  expect(version.serving?.isolation).toBe('child')
  const n: Tensor = { name: 'n', datatype: 'INT64', shape: [1], data: BigInt64Array.of(4n) }
  const { outputs } = await children.infer(version, [tensor('x', Uint16Array.of(0x4049)), n], ['y'])
  expect(numbersOf(outputs[0])).toEqual([3.140625, 3.140625, 3.140625, 3.140625])
})

test('no pre-optimised file that can be trusted -> the rewritten file serves', async () => {
  const version = await registered(bfloat16Untried)
  expect(version.serving).toMatchObject({
    isolation: 'child',
    rewritten: { digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
  })
  expect(version.serving?.ort).toBeUndefined()
  const i: Tensor = { name: 'i', datatype: 'INT64', shape: [0], data: new BigInt64Array(0) }
  const { outputs } = await children.infer(version, [tensor('x', new Uint16Array(0), [0, 2]), i], ['y'])
  expect(outputs).toEqual([tensor('y', new Uint16Array(0), [0, 2])])
})

test('arithmetic in bfloat16 itself, which the runtime has not -> refused in words', async () => {
  const thrown = await probed(bfloat16Add).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ code: 'UNSUPPORTED_ONNX', message: expect.stringMatching(/Add/) })
  expect((thrown as Error).message).not.toMatch(/[\\/]\w/)
})
