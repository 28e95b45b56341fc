import { jobPorts } from '../adapters/wiring/job.ts'
import { runJob } from '../src/run/engine/job.ts'

/** The program of the training container: one state of a run, in a process that may be larger than a function. */
const { step, event, ...ports } = jobPorts()
// A rejection that nobody meets ends the process with its stack and a code other than 0, which fails the job.
void runJob(ports)(step, event)
