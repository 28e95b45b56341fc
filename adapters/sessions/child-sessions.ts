import { PercallError } from '../../src/errors.ts'
import { isOutOfMemory, refusalWords } from '../../src/onnx/runtime-words.ts'
import type { Infer } from '../../src/ports.ts'
import type { Version } from '../../src/registry/version.ts'
import type { Killed, Told } from '../child/messages.ts'
import { type ChildProgram, type ModelChild, startChild } from '../child/model-child.ts'
import { modelFileOf } from './session-cache.ts'

type Dependencies = {
  readonly readArtifact: (digest: string, sizeBytes: number) => Promise<Uint8Array>
  readonly program: ChildProgram
  readonly threads: number
  /** Loading and running, together: below the 30 s that the gateway waits. */
  readonly timeLimitMs: number
  /** All of the function's memory: children get what this process leaves. */
  readonly functionMemoryMb: number
  readonly nowMs: () => number
}

// Each child is a process with a runtime of its own, 100 MB before its model.
const mostChildren = 2
// For this process to grow while a child runs: the answer comes through it.
const reservedMb = 128
// Less than that, and another child is ended first.
const leastMb = 400
const bytesPerMb = 1024 * 1024
const msPerSecond = 1000

const refused = (
  version: Version,
  code: 'INFERENCE_REFUSED' | 'INFERENCE_TIMEOUT' | 'OUT_OF_MEMORY' | 'UNSUPPORTED_ONNX',
  text: string,
) => new PercallError(code, `model ${version.model}/${version.number}${text}`)

/** Runs versions in child processes, which are killed at the time or memory limit of one call. */
export const childSessions = (deps: Dependencies): { readonly infer: Infer; readonly end: () => void } => {
  const { timeLimitMs, functionMemoryMb, nowMs } = deps
  // Least recently used first.
  const open = new Map<string, ModelChild>()

  const leftMb = (): number => {
    const ownMb = process.memoryUsage.rss() / bytesPerMb
    const childrenMb = [...open.values()].reduce((sum, child) => sum + child.residentMb(), 0)
    return Math.floor(functionMemoryMb - ownMb - childrenMb - reservedMb)
  }
  const close = (digest: string): void => {
    open.get(digest)?.end()
    open.delete(digest)
  }
  const makeRoom = (neededMb: number): void => {
    for (const digest of open.keys()) {
      if (open.size < mostChildren && leftMb() >= neededMb) return
      close(digest)
    }
  }
  /** What the answer of a child means; a child that was killed is forgotten, and the next call starts another. */
  const requireAnswer = (version: Version, limitMb: number, told: Told | Killed): Told => {
    if (told.kind === 'killed') {
      open.delete(version.digest)
      if (told.by === 'time')
        throw refused(
          version,
          'INFERENCE_TIMEOUT',
          `: expected an answer within ${timeLimitMs / msPerSecond} s, got none`,
        )
      if (told.by === 'memory')
        throw refused(version, 'OUT_OF_MEMORY', `: expected at most ${limitMb} MB of memory, it needed more`)
      throw refused(version, 'INFERENCE_REFUSED', ': expected an answer to these inputs, its process ended instead')
    }
    if (told.kind === 'refused') {
      const code = isOutOfMemory(told.words) ? 'OUT_OF_MEMORY' : 'INFERENCE_REFUSED'
      if (told.code === 'OUTPUT_NOT_EXPRESSIBLE' || told.code === 'BAD_DATATYPE')
        throw new PercallError(told.code, told.words)
      throw refused(version, code, ` refused the inputs: ${refusalWords(told.words)}`)
    }
    return told
  }
  const openChild = async (version: Version, untilMs: number): Promise<ModelChild> => {
    const { digest, serving } = version
    const found = open.get(digest)
    if (found?.isAlive()) {
      open.delete(digest)
      open.set(digest, found)
      return found
    }
    makeRoom(Math.max(leastMb, serving?.peakMb ?? 0))
    const file = modelFileOf(version)
    const bytes = await deps.readArtifact(file.digest, file.sizeBytes)
    const child = startChild(deps.program)
    open.set(digest, child)
    const memoryMb = leftMb()
    const told = await child.ask(
      {
        kind: 'open',
        file: { stdinBytes: bytes.length },
        format: file.format,
        threads: deps.threads,
      },
      { timeMs: Math.max(0, untilMs - nowMs()), memoryMb },
      bytes,
    )
    if (told.kind !== 'opened') {
      child.end()
      open.delete(digest)
    }
    if (told.kind === 'refused') {
      const code = isOutOfMemory(told.words) ? 'OUT_OF_MEMORY' : 'UNSUPPORTED_ONNX'
      throw refused(version, code, ` does not load in ONNX Runtime: ${refusalWords(told.words)}`)
    }
    requireAnswer(version, memoryMb, told)
    return child
  }
  const infer: Infer = async (version, inputs, outputs) => {
    const beganAtMs = nowMs()
    const untilMs = beganAtMs + timeLimitMs
    const wasOpen = open.get(version.digest)?.isAlive() === true
    const child = await openChild(version, untilMs)
    const loadMs = wasOpen ? 0 : nowMs() - beganAtMs
    const memoryMb = leftMb() + child.residentMb()
    const limits = { timeMs: Math.max(0, untilMs - nowMs()), memoryMb }
    const told = requireAnswer(version, memoryMb, await child.ask({ kind: 'run', inputs, outputs }, limits))
    if (told.kind !== 'ran') throw new Error(`child of ${version.model}: expected outputs, got ${told.kind}`)
    return { outputs: told.outputs, loadMs }
  }
  return {
    infer,
    end: () => {
      for (const digest of [...open.keys()]) close(digest)
    },
  }
}
