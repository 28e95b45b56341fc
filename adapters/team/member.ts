/** The program of a thread that works on one memory with its caller: src/estimators/trees/team.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { serve } from '../../src/estimators/trees/team.ts'
import type { Membership } from './open.ts'

// What adapters/team/open.ts gave it.
const { memory, plan, member } = workerData as Membership
// Only now may its caller block its own thread: what fails before is told by an event.
parentPort?.postMessage('ready')
serve(memory, plan, member)
