import { compute } from './compute.ts'
import { findLive } from './live.ts'
import { rowLatency } from './row-latency.ts'
import { runGraph } from './run-graph.ts'
import { memberProgram } from './team/program.ts'
import { countTestUse } from './test-uses.ts'
import { threadsFor } from './threads.ts'
import { artifacts, functionMemoryMb, registry } from './wiring.ts'
import { trainingPorts } from './wiring-training.ts'

/** What the states that fit need besides: ONNX Runtime, which these alone load. */
export const fittingPorts = () => ({
  ...trainingPorts(),
  compute: compute(threadsFor(functionMemoryMb()), memberProgram()),
})

/** What the states that run a graph need besides. */
export const evaluationPorts = () => ({
  ...fittingPorts(),
  runGraph: runGraph(threadsFor(functionMemoryMb())),
  rowLatency,
  findLive: findLive(registry(), artifacts()),
  countTestUse: countTestUse(registry()),
})
