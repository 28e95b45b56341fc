import { namesRead } from './graph-names.ts'
import type { Pass } from './pass.ts'

/** Removes nodes and initialisers that no output needs. Inputs stay: they are the signature. */
export const removeDeadNodes: Pass = (graph) => {
  const needed = new Set(graph.output.map(({ name }) => name))
  // ONNX keeps nodes in an order in which each comes behind those that it reads.
  const kept = graph.node
    .toReversed()
    .filter((node) => {
      if (!node.output.some((name) => name !== '' && needed.has(name))) return false
      for (const name of namesRead(node)) needed.add(name)
      return true
    })
    .reverse()
  const initializers = graph.initializer.filter(({ name }) => needed.has(name))
  const removed = graph.node.length - kept.length + graph.initializer.length - initializers.length
  graph.node = kept
  graph.initializer = initializers
  graph.valueInfo = []
  return removed
}
