import { PercallError } from '../src/errors.ts'
import type { Infer } from '../src/ports.ts'
import type { Version } from '../src/version.ts'
import { fromOnnx, toOnnx } from './onnx-tensor.ts'
import { sessionCache } from './session-cache.ts'

type Dependencies = {
  readonly readArtifact: (digest: string, sizeBytes: number) => Promise<Uint8Array>
  /** Model files that may be open at once; the last one used stays whatever its size. */
  readonly mostBytes: number
  readonly threads: number
  readonly nowMs: () => number
}

// ONNX Runtime's messages hold paths of the machine that built it and of this one.
const withoutPaths = (message: string): string =>
  message
    .replace(/(?:[A-Za-z]:)?[\\/][^\s:'"]*[\\/][^\s:'"]*(?::\d+)?/g, '')
    .replace(/\s+/g, ' ')
    .trim()

const messageLength = 300

const wordsOf = (cause: unknown): string =>
  withoutPaths(cause instanceof Error ? cause.message : String(cause)).slice(0, messageLength)

const refused = ({ model, number }: Version, cause: unknown): PercallError =>
  new PercallError('INFERENCE_REFUSED', `model ${model}/${number} refused the inputs: ${wordsOf(cause)}`, { cause })

const outOfMemory = /bad_?alloc|out of memory|failed to allocate/i

/** The file is at fault and stays so, except where this environment is short of memory. */
const notLoaded = ({ model, number }: Version, cause: unknown): PercallError => {
  const words = wordsOf(cause)
  const code = outOfMemory.test(words) ? 'NOT_READY' : 'UNSUPPORTED_ONNX'
  return new PercallError(code, `model ${model}/${number} does not load in ONNX Runtime: ${words}`, { cause })
}

export type Sessions = {
  readonly infer: Infer
  /** Begins to load a version that a call will need; a failure is met by the call's own `infer`. */
  readonly preload: (version: Version) => Promise<void>
}

/** Runs versions on sessions that stay open, least recently used ones closed first. */
export const sessions = ({ readArtifact, mostBytes, threads, nowMs }: Dependencies): Sessions => {
  const { isOpen, sessionOf, preload } = sessionCache({ readArtifact, mostBytes, threads, notLoaded })

  const infer: Infer = async (version, inputs, outputs) => {
    const beganAtMs = nowMs()
    const wasOpen = isOpen(version)
    const session = await sessionOf(version)
    const loadMs = wasOpen ? 0 : nowMs() - beganAtMs
    const feeds = Object.fromEntries(inputs.map((input) => [input.name, toOnnx(input)]))
    let results: Awaited<ReturnType<typeof session.run>>
    try {
      results = await session.run(feeds, outputs)
    } catch (cause) {
      throw refused(version, cause)
    }
    // biome-ignore lint/style/noNonNullAssertion: run() rejects when it cannot answer an output that was asked for.
    return { outputs: outputs.map((name) => fromOnnx(name, results[name]!)), loadMs }
  }
  return { infer, preload }
}
