import { findLive } from './live.ts'
import { runGraph } from './run-graph.ts'
import { threadsFor } from './threads.ts'
import { artifacts, functionMemoryMb, registry } from './wiring.ts'
import { trainingPorts } from './wiring-training.ts'

/** What the states that run a graph need: these alone load ONNX Runtime. */
export const evaluationPorts = () => ({
  ...trainingPorts(),
  runGraph: runGraph(threadsFor(functionMemoryMb())),
  findLive: findLive(registry(), artifacts()),
})
