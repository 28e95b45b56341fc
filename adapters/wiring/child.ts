import { childProgram } from '../child/program.ts'
import { childSessions } from '../sessions/child-sessions.ts'
import { isolated } from '../sessions/isolated-infer.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { threadsFor } from '../sessions/threads.ts'
import { settingOr } from './wiring.ts'

// The gateway waits 30 s: serving.md.
const defaultTimeLimitMs = '20000'

/** Sessions of this process, with calls that were not probed in child processes. */
export const withChildren = (
  inline: Sessions,
  readArtifact: (digest: string, sizeBytes: number) => Promise<Uint8Array>,
  functionMemoryMb: number,
): Sessions => {
  const { infer } = childSessions({
    readArtifact,
    program: childProgram(),
    threads: threadsFor(functionMemoryMb),
    timeLimitMs: Number(settingOr('PERCALL_INFERENCE_LIMIT_MS', defaultTimeLimitMs)),
    functionMemoryMb,
    nowMs: () => performance.now(),
  })
  return isolated(inline, infer)
}
