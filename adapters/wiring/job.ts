import { dirname, join } from 'node:path'
import type { JobEvent, JobPorts } from '../../src/run/engine/job.ts'
import { putRunJson, runKey } from '../runs/run-artifacts.ts'
import { runState } from '../runs/state-program.ts'
import { objects, setting } from './wiring.ts'

/** What a job is to do, from its environment, and its ports. The bundles of states lie beside the job's own. */
export const jobPorts = (): JobPorts & { readonly step: string; readonly event: JobEvent } => {
  const event = JSON.parse(setting('PERCALL_EVENT')) as JobEvent // written by the state machine
  const put = putRunJson({ objects: objects(), bucket: setting('PERCALL_DATA_BUCKET') })
  return {
    step: setting('PERCALL_STEP'),
    event,
    runState: runState(join(dirname(process.argv[1] ?? '.'), '..'), Number(setting('PERCALL_JOB_SLICE_MS'))),
    keep: (path, answer) => put(runKey(event.runId, path), answer),
  }
}
