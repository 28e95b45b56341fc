/**
 * The program of a child process: opens one model and runs it, one question at a time, until its parent ends.
 * It has no credentials and an empty working directory. Its parent kills it at a limit: `run` of ONNX Runtime keeps the
 * thread, so that nothing in here could.
 */
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { InferenceSession } from 'onnxruntime-node'
import { PercallError } from '../../src/errors.ts'
import { differenceOf } from '../../src/onnx/difference.ts'
import { trialInputs } from '../../src/onnx/trial.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { feedsOf, fetchesOf } from '../sessions/onnx-tensor.ts'
import { type ModelFormat, sessionOptions } from '../sessions/session-options.ts'
import type { Ask, FileSource, Told } from './messages.ts'

// A thread of its own sees that the parent is gone while a model keeps this one: within a quarter of a second.
const watch = `
const { workerData } = require('node:worker_threads')
setInterval(() => { if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL') }, 250)
`
new Worker(watch, { eval: true, workerData: Number(process.argv[2]) })
process.once('disconnect', () => process.exit(0))

type Kept = { readonly inputs: readonly Tensor[]; readonly outputs: readonly Tensor[] }

let session: InferenceSession | undefined
// The session reads its weights in them.
let held: Uint8Array | undefined
const kept: Kept[] = []
const warmUps = 2

const readStdin = async (sizeBytes: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(sizeBytes)
  let offset = 0
  if (sizeBytes === 0) return bytes
  for await (const chunk of process.stdin) {
    bytes.set(chunk, offset)
    offset += chunk.length
    if (offset === sizeBytes) break
  }
  return bytes
}

const openSession = async (file: FileSource, format: ModelFormat, threads: number): Promise<InferenceSession> => {
  const options = sessionOptions(format, threads)
  // By path: ONNX Runtime reads the file itself, and nothing holds its bytes twice.
  if ('path' in file) return InferenceSession.create(file.path, options)
  held = await readStdin(file.stdinBytes)
  return InferenceSession.create(held, options)
}

const runOn = async (
  on: InferenceSession,
  inputs: readonly Tensor[],
  outputs: readonly string[],
): Promise<readonly Tensor[]> => {
  const { names, read } = fetchesOf(on, outputs)
  return read(await on.run(feedsOf(inputs), names))
}

const opened = (): InferenceSession => {
  if (!session) throw new Error('session: expected an open one, got none')
  return session
}

const answers = {
  open: async ({ file, format, threads }: Ask & { kind: 'open' }): Promise<Told> => {
    const beganAtMs = performance.now()
    session = await openSession(file, format, threads)
    return { kind: 'opened', loadMs: performance.now() - beganAtMs }
  },
  run: async ({ inputs, outputs }: Ask & { kind: 'run' }): Promise<Told> => ({
    kind: 'ran',
    outputs: await runOn(opened(), inputs, outputs),
  }),
  try: async ({ signature, dimensions, trial, outputs, keep }: Ask & { kind: 'try' }): Promise<Told> => {
    const inputs = trialInputs(signature, dimensions, trial)
    const beganAtMs = performance.now()
    const results = await runOn(opened(), inputs, outputs)
    const inferMs = performance.now() - beganAtMs
    if (keep) kept.push({ inputs, outputs: results })
    return { kind: 'tried', inferMs }
  },
  time: async ({ inputs, outputs, mostRuns, mostMs }: Ask & { kind: 'time' }): Promise<Told> => {
    const { names } = fetchesOf(opened(), outputs)
    const feeds = feedsOf(inputs)
    // The first runs of a session allocate.
    for (let i = 0; i < warmUps; i++) await opened().run(feeds, names)
    const inferMs: number[] = []
    const endsAtMs = performance.now() + mostMs
    do {
      const beganAtMs = performance.now()
      await opened().run(feeds, names)
      inferMs.push(performance.now() - beganAtMs)
    } while (inferMs.length < mostRuns && performance.now() < endsAtMs)
    return { kind: 'timed', inferMs }
  },
  simplify: async ({ path, target, threads }: Ask & { kind: 'simplify' }): Promise<Told> => {
    const writer = await InferenceSession.create(path, {
      ...sessionOptions('onnx', threads),
      // Beyond 'basic' nodes become the runtime's own, which other runtimes do not know.
      graphOptimizationLevel: 'basic',
      optimizedModelFilePath: target,
    })
    await writer.release()
    return { kind: 'simplified' }
  },
  optimise: async ({ path, ortPath, threads }: Ask & { kind: 'optimise' }): Promise<Told> => {
    await session?.release()
    session = undefined
    const { extra: _, ...options } = sessionOptions('onnx', threads)
    const writer = await InferenceSession.create(path, {
      ...options,
      // 'all' would lay tensors out for this processor; the file serves on both.
      graphOptimizationLevel: 'extended',
      optimizedModelFilePath: ortPath,
      extra: { session: { save_model_format: 'ORT' } },
    })
    await writer.release()
    return { kind: 'optimised' }
  },
  compare: async ({ ortPath, threads }: Ask & { kind: 'compare' }): Promise<Told> => {
    // From its bytes, as it will serve: of trees ONNX Runtime 1.30 opens such a file by its path only.
    held = readFileSync(ortPath)
    const other = await InferenceSession.create(held, sessionOptions('ort', threads))
    let maxDifference = 0
    for (const { inputs, outputs } of kept) {
      const names = outputs.map(({ name }) => name)
      const found = await runOn(other, inputs, names)
      // biome-ignore lint/style/noNonNullAssertion: runOn answers one tensor for each name.
      maxDifference = Math.max(maxDifference, ...outputs.map((output, i) => differenceOf(output, found[i]!)))
    }
    return { kind: 'compared', maxDifference }
  },
}

const answerOf = async (ask: Ask): Promise<Told> => {
  try {
    const answer = answers[ask.kind] as (ask: Ask) => Promise<Told> // takes the question of its own kind
    return await answer(ask)
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown)
    return { kind: 'refused', words, ...(thrown instanceof PercallError && { code: thrown.code }) }
  }
}

process.on('message', (ask: Ask) => void answerOf(ask).then((told) => process.send?.(told)))
