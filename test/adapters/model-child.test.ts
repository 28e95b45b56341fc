import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { type ModelChild, startChild } from '../../adapters/child/model-child.ts'
import { createGraph } from '../../src/onnx/graph.ts'
import { loopModel, zerosModel } from '../src/onnx/hostile.ts'

const program = join(import.meta.dirname, '../../adapters/child/child.ts')
const limits = { timeMs: 120_000, memoryMb: 2000 }

const children: ModelChild[] = []
const start = (environment: NodeJS.ProcessEnv = {}): ModelChild => {
  const child = startChild({ file: program, options: [], environment })
  children.push(child)
  return child
}
afterAll(() => {
  for (const child of children) child.end()
})

const open = (child: ModelChild, bytes: Uint8Array) =>
  child.ask({ kind: 'open', file: { stdinBytes: bytes.length }, format: 'onnx', threads: 1 }, limits, bytes)

const isGone = (pid: number): boolean =>
  !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

const linux = process.platform === 'linux'

test.runIf(linux)('a parent with credentials -> the child has none, and an empty working directory', async () => {
  const child = start({
    ...process.env,
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    PERCALL_KEY_ARN: 'arn',
  })
  await open(child, loopModel())
  const names = readFileSync(`/proc/${child.pid}/environ`, 'utf8')
    .split('\0')
    .map((line) => line.split('=')[0])
  expect(
    names.filter(
      (name) =>
        !['', 'NODE_PATH', 'LD_LIBRARY_PATH', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE'].includes(name!),
    ),
  ).toEqual([])
  expect(readdirSync(`/proc/${child.pid}/cwd`)).toEqual([])
})

test.runIf(linux)('a parent that is killed while its child loops -> the child ends too', async () => {
  const parent = fork(join(import.meta.dirname, 'fixtures/loop-parent.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [pid] = (await once(parent, 'message')) as [number]
  await setTimeout(300) // its run has begun, and keeps its thread
  expect(isGone(pid)).toBe(false)
  parent.kill('SIGKILL')
  while (!isGone(pid)) await setTimeout(50)
})

test('a child that is ended while it waits or works -> killed, and asked again -> killed', async () => {
  const child = start()
  await open(child, loopModel())
  const go = { name: 'go', datatype: 'FP32' as const, shape: [], data: Float32Array.of(1) }
  const told = child.ask({ kind: 'run', inputs: [go], outputs: ['y'] }, limits)
  process.kill(child.pid!, 'SIGSEGV')
  expect(await told).toEqual({ kind: 'killed', by: 'crash' })
  expect(child.isAlive()).toBe(false)
  expect(await child.ask({ kind: 'run', inputs: [go], outputs: ['y'] }, limits)).toEqual({
    kind: 'killed',
    by: 'crash',
  })
})

test('a machine that stalls for longer than a question may take -> answered, and the child is asked the next one', async () => {
  const child = start()
  await open(child, zerosModel())
  const n = { name: 'n', datatype: 'INT64' as const, shape: [1], data: BigInt64Array.of(1n) }
  const run = { kind: 'run', inputs: [n], outputs: ['y'] } as const
  const told = child.ask(run, { ...limits, timeMs: 1000 })
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500) // this process gets no processor
  expect(await told).toMatchObject({ kind: 'ran' })
  expect(await child.ask(run, limits)).toMatchObject({ kind: 'ran' })
})

// 1.2 GB is as much as a process may touch here; it asks for 8 GB at once.
test.runIf(linux)('8 GB at once -> killed for its memory, long before it has touched what it may', async () => {
  const child = start()
  await open(child, zerosModel())
  const n = { name: 'n', datatype: 'INT64' as const, shape: [1], data: BigInt64Array.of(2_000_000_000n) }
  const told = await child.ask({ kind: 'run', inputs: [n], outputs: ['y'] }, { ...limits, memoryMb: 1200 })
  expect(told).toEqual({ kind: 'killed', by: 'memory' })
  expect(child.peakMb()).toBeLessThan(1200)
})

test.runIf(linux)('a GB of the two that it may touch -> answered, although its arena asks for more', async () => {
  const child = start()
  await open(child, zerosModel())
  const n = { name: 'n', datatype: 'INT64' as const, shape: [1], data: BigInt64Array.of(270_000_000n) }
  const told = await child.ask({ kind: 'run', inputs: [n], outputs: ['y'] }, limits)
  expect(told).toMatchObject({ kind: 'ran', outputs: [{ data: Float32Array.of(1) }] })
})

// Measured: 1 MB of tensors there and back takes about 5 ms; what runs inline does not pay it.
test('6 MB of numbers -> there and back as they were', async () => {
  const graph = createGraph('identity')
  graph.node('Neg', [graph.input('x', 'FP32', [-1])], { output: 'y' })
  graph.output('y', 'FP32', [-1])
  const child = start()
  await open(child, graph.toBytes())
  const data = Float32Array.from({ length: 1_500_000 }, (_, i) => i / 3)
  const x = { name: 'x', datatype: 'FP32' as const, shape: [data.length], data }
  const beganAtMs = performance.now()
  const told = await child.ask({ kind: 'run', inputs: [x], outputs: ['y'] }, limits)
  console.log(`6 MB through a child and back: ${Math.round(performance.now() - beganAtMs)} ms`)
  expect(told).toEqual({ kind: 'ran', outputs: [{ ...x, name: 'y', data: data.map((value) => -value) }] })
})
