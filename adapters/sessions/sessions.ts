import { PercallError } from '../../src/errors.ts'
import { isOutOfMemory, refusalWords } from '../../src/onnx/runtime-words.ts'
import type { Infer } from '../../src/ports.ts'
import type { Version } from '../../src/registry/version.ts'
import { feedsOf, fetchesOf } from './onnx-tensor.ts'
import { sessionCache } from './session-cache.ts'

type Dependencies = {
  readonly readArtifact: (digest: string, sizeBytes: number) => Promise<Uint8Array>
  /** Model files that may be open at once; the last one used stays whatever its size. */
  readonly mostBytes: number
  readonly threads: number
  readonly nowMs: () => number
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const refused = ({ model, number }: Version, cause: unknown): PercallError => {
  const text = textOf(cause)
  const code = isOutOfMemory(text) ? 'OUT_OF_MEMORY' : 'INFERENCE_REFUSED'
  return new PercallError(code, `model ${model}/${number} refused the inputs: ${refusalWords(text)}`, { cause })
}

/** The file is at fault and stays so, except where this environment is short of memory. */
const notLoaded = ({ model, number }: Version, cause: unknown): PercallError => {
  const text = textOf(cause)
  const code = isOutOfMemory(text) ? 'NOT_READY' : 'UNSUPPORTED_ONNX'
  const words = `model ${model}/${number} does not load in ONNX Runtime: ${refusalWords(text)}`
  return new PercallError(code, words, { cause })
}

export type Sessions = {
  readonly infer: Infer
  /** Begins to load a version that a call will need; a failure is met by the call's own `infer`. */
  readonly preload: (version: Version) => Promise<unknown> | undefined
}

/** Runs versions on sessions that stay open, least recently used ones closed first. */
export const sessions = ({ readArtifact, mostBytes, threads, nowMs }: Dependencies): Sessions => {
  const { openSession, sessionOf, preload } = sessionCache({ readArtifact, mostBytes, threads, notLoaded })

  const infer: Infer = async (version, inputs, outputs) => {
    const beganAtMs = nowMs()
    const open = openSession(version)
    const session = open ?? (await sessionOf(version))
    const loadMs = open ? 0 : nowMs() - beganAtMs
    const feeds = feedsOf(inputs)
    const { names, read } = fetchesOf(session, outputs)
    let results: Awaited<ReturnType<typeof session.run>>
    try {
      results = await session.run(feeds, names)
    } catch (cause) {
      throw refused(version, cause)
    }
    return { outputs: read(results), loadMs }
  }
  return { infer, preload }
}
