import { childProgram } from '../child/program.ts'
import { probe } from '../registry/probe.ts'
import { threadsFor } from '../sessions/threads.ts'
import { functionMemoryMb, objects, setting, settingOr } from './wiring.ts'

// The gateway waits 30 s for a file that comes in a request: two loads, a run, and the growth of runs end before.
const loadMs = 8_000
// With the growth behind it, and the file's way to here.
const totalMs = 12_000
// A gigabyte takes a minute more.
const loadMsPerMb = 60
const runMs = 4_000
const growMs = 4_000
// What this process and the system need beside the child.
const reservedMb = 256
// Of predict's 1,769 MB: the rest is for other open models, the request and its answer.
const defaultInlineMb = '1024'

/** The ports of the probe. */
export const probePorts = () => {
  const memoryMb = functionMemoryMb()
  return {
    probe: probe({
      data: { objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') },
      child: childProgram(),
      threads: threadsFor(memoryMb),
      limits: {
        loadMs,
        loadMsPerMb,
        totalMs,
        runMs,
        growMs,
        memoryMb: memoryMb - reservedMb,
        inlineMb: Number(settingOr('PERCALL_INLINE_MEMORY_MB', defaultInlineMb)),
      },
    }),
  }
}
