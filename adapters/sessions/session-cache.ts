import { InferenceSession } from 'onnxruntime-node'
import { PercallError } from '../../src/errors.ts'
import type { Version } from '../../src/registry/version.ts'
import { type ModelFormat, sessionOptions } from './session-options.ts'

type Loaded = {
  readonly session: InferenceSession
  readonly sizeBytes: number
  /** Kept where the session reads its weights in them: adapters/sessions/session-options.ts. */
  readonly bytes?: Uint8Array
}

type Dependencies = {
  readonly readArtifact: (digest: string, sizeBytes: number) => Promise<Uint8Array>
  /** Model files that may be open at once; the last one used stays whatever its size. */
  readonly mostBytes: number
  readonly threads: number
  /** The refusal of a file that ONNX Runtime does not open. */
  readonly notLoaded: (version: Version, cause: unknown) => PercallError
}

type ModelFile = { readonly digest: string; readonly sizeBytes: number; readonly format: ModelFormat }

/** The file that serves a version: the pre-optimised one where its probe made one, or one that was rewritten. */
export const modelFileOf = ({ digest, sizeBytes, serving }: Version): ModelFile => {
  if (serving?.ort) return { digest: serving.ort.digest, sizeBytes: serving.ort.sizeBytes, format: 'ort' }
  return { digest, sizeBytes, ...serving?.rewritten, format: 'onnx' }
}

export type SessionCache = {
  /** The session of a version, if it is open; then it is the last one used. */
  readonly openSession: (version: Version) => InferenceSession | undefined
  /** The session of a version that is not open, loaded. */
  readonly sessionOf: (version: Version) => Promise<InferenceSession>
  /** Begins to load a version that will be needed; a failure is met by `sessionOf`. Resolves when that ended; undefined where nothing is to be loaded. */
  readonly preload: (version: Version) => Promise<unknown> | undefined
}

/** Sessions that stay open, least recently used ones closed first, one at a time. */
export const sessionCache = ({ readArtifact, mostBytes, threads, notLoaded }: Dependencies): SessionCache => {
  const open = new Map<string, Loaded>()
  const loading = new Map<string, Promise<InferenceSession>>()

  const closeOldest = async (neededBytes: number): Promise<void> => {
    let openBytes = [...open.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    const closing: Loaded[] = []
    for (const [digest, loaded] of open) {
      if (openBytes + neededBytes <= mostBytes) break
      open.delete(digest)
      openBytes -= loaded.sizeBytes
      closing.push(loaded)
    }
    // All are out of `open` before the first pause: no call takes one that is about to be released.
    for (const { session } of closing) await session.release()
  }

  const load = async (version: Version): Promise<InferenceSession> => {
    const { digest, sizeBytes, format } = modelFileOf(version)
    await closeOldest(sizeBytes)
    const bytes = await readArtifact(digest, sizeBytes)
    try {
      const session = await InferenceSession.create(bytes, sessionOptions(format, threads))
      open.set(digest, { session, sizeBytes, ...(format === 'ort' && { bytes }) })
      return session
    } catch (cause) {
      throw notLoaded(version, cause)
    }
  }

  const loadOnce = (version: Version): Promise<InferenceSession> => {
    const { digest } = modelFileOf(version)
    const begun = loading.get(digest)
    if (begun) return begun
    const session = load(version).finally(() => loading.delete(digest))
    loading.set(digest, session)
    return session
  }

  const openSession = (version: Version): InferenceSession | undefined => {
    const { digest } = modelFileOf(version)
    const found = open.get(digest)
    if (!found) return undefined
    open.delete(digest)
    open.set(digest, found)
    return found.session
  }

  const preload = (version: Version): Promise<unknown> | undefined => {
    // A file that its probe could not bound is opened in a process of its own only.
    if (open.has(modelFileOf(version).digest) || version.serving?.isolation === 'child') return undefined
    return loadOnce(version).catch(() => undefined)
  }

  const sessionOf = async (version: Version): Promise<InferenceSession> => {
    const begun = loading.get(modelFileOf(version).digest)
    // A refused call leaves its load behind, frozen with the environment: its connection may be dead when it thaws.
    const session = await begun?.catch((thrown: unknown) => {
      if (thrown instanceof PercallError) throw thrown
    })
    return session ?? loadOnce(version)
  }
  return { openSession, sessionOf, preload }
}
