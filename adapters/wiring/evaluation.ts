import { findLive } from '../registry/live.ts'
import { runGraph } from '../runs/run-graph.ts'
import { countTestUse } from '../runs/test-uses.ts'
import { compute } from '../sessions/compute.ts'
import { rowLatency } from '../sessions/row-latency.ts'
import { threadsFor } from '../sessions/threads.ts'
import { memberProgram } from '../team/program.ts'
import { trainingPorts } from './training.ts'
import { artifacts, functionMemoryMb, jobVcpus, registry } from './wiring.ts'

const threads = (): number => jobVcpus() ?? threadsFor(functionMemoryMb())

/** What the states that fit need besides: ONNX Runtime, which these alone load. */
export const fittingPorts = () => ({
  ...trainingPorts(),
  compute: compute(threads(), memberProgram()),
})

/** What the states that run a graph need besides. */
export const evaluationPorts = () => ({
  ...fittingPorts(),
  runGraph: runGraph(threads()),
  rowLatency,
  findLive: findLive(registry(), artifacts()),
  countTestUse: countTestUse(registry()),
})
