import { isOperator } from './nodes.ts'
import type { Pass } from './pass.ts'

/** Constant nodes that hold a tensor become initialisers, where the other passes find them. */
export const liftConstants: Pass = (graph) => {
  const before = graph.node.length
  const answered = new Set(graph.output.map(({ name }) => name))
  graph.node = graph.node.filter((node) => {
    const [output] = node.output
    const tensor = node.attribute.find(({ name }) => name === 'value')?.t
    if (!isOperator(node, 'Constant') || tensor === undefined) return true
    if (output === undefined || answered.has(output)) return true
    tensor.name = output
    graph.initializer.push(tensor)
    return false
  })
  return before - graph.node.length
}
