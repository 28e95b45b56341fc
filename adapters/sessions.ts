import { InferenceSession } from 'onnxruntime-node'
import { PercallError } from '../src/errors.ts'
import type { Infer } from '../src/ports.ts'
import type { Version } from '../src/version.ts'
import { fromOnnx, toOnnx } from './onnx-tensor.ts'

type Loaded = { readonly session: InferenceSession; readonly sizeBytes: number }

type Dependencies = {
  readonly readArtifact: (digest: string) => Promise<Uint8Array>
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
  /** Begins to load a version that this call will need; a failure is met by the call's own `infer`. */
  readonly preload: (version: Version) => void
}

/** Runs versions on sessions that stay open, least recently used ones closed first. */
export const sessions = ({ readArtifact, mostBytes, threads, nowMs }: Dependencies): Sessions => {
  const open = new Map<string, Loaded>()
  const loading = new Map<string, Promise<InferenceSession>>()

  const closeOldest = async (neededBytes: number): Promise<void> => {
    let openBytes = [...open.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const closing: InferenceSession[] = []
    for (const [digest, { session, sizeBytes }] of open) {
      if (openBytes + neededBytes <= mostBytes) break
      open.delete(digest)
      openBytes -= sizeBytes
      closing.push(session)
    }
    // All are out of `open` before the first pause: no call takes one that is about to be released.
    for (const session of closing) await session.release()
  }

  const load = async (version: Version): Promise<InferenceSession> => {
    const { digest, sizeBytes } = version
    await closeOldest(sizeBytes)
    const bytes = await readArtifact(digest)
    try {
      const session = await InferenceSession.create(bytes, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        // Errors come back as exceptions; ONNX Runtime's own log would write paths and values to the function's log.
        logSeverityLevel: 4,
        // A spinning thread burns the time that the next request of a small function needs.
        extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
      })
      open.set(digest, { session, sizeBytes })
      return session
    } catch (cause) {
      throw notLoaded(version, cause)
    }
  }

  const loadOnce = (version: Version): Promise<InferenceSession> => {
    const begun = loading.get(version.digest)
    if (begun) return begun
    const session = load(version).finally(() => loading.delete(version.digest))
    loading.set(version.digest, session)
    return session
  }

  const preload = (version: Version): void => {
    if (!open.has(version.digest)) loadOnce(version).catch(() => undefined)
  }

  const sessionOf = async (version: Version): Promise<InferenceSession> => {
    const found = open.get(version.digest)
    if (!found) {
      const begun = loading.get(version.digest)
      // A refused call leaves its load behind, frozen with the environment: its connection may be dead when it thaws.
      const session = await begun?.catch((thrown: unknown) => {
        if (thrown instanceof PercallError) throw thrown
      })
      return session ?? loadOnce(version)
    }
    open.delete(version.digest)
    open.set(version.digest, found)
    return found.session
  }

  const infer: Infer = async (version, inputs, outputs) => {
    const beganAtMs = nowMs()
    const wasOpen = open.has(version.digest)
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
