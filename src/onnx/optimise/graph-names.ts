import type { GraphProto, NodeProto } from '../proto/generated/onnx_pb.js'

/** The graphs in a node's attributes: bodies of If, Loop and Scan, which may name values of the graph around them. */
const bodiesOf = (node: NodeProto): readonly GraphProto[] =>
  node.attribute.flatMap(({ g, graphs }) => (g ? [g, ...graphs] : graphs))

/** Names that a node reads, those of its bodies included. */
export const namesRead = (node: NodeProto): readonly string[] => [
  ...node.input.filter((name) => name !== ''),
  ...bodiesOf(node).flatMap((body) => [...body.output.map(({ name }) => name), ...body.node.flatMap(namesRead)]),
]

/** Gives names that no value of the graph or of a body has. */
export const nameMaker = (graph: GraphProto): ((wanted: string) => string) => {
  const taken = new Set<string>()
  const take = ({ node, initializer, sparseInitializer, input, output }: GraphProto): void => {
    for (const { name } of [...initializer, ...input, ...output]) taken.add(name)
    for (const { values } of sparseInitializer) if (values) taken.add(values.name)
    for (const one of node) {
      for (const name of [...one.input, ...one.output]) taken.add(name)
      for (const body of bodiesOf(one)) take(body)
    }
  }
  take(graph)
  return (wanted) => {
    let name = wanted
    for (let k = 1; taken.has(name); k++) name = `${wanted}_${k}`
    taken.add(name)
    return name
  }
}

/** Reads other names in the place of those that `names` has, in the node and in its bodies. */
export const renameReads = (node: NodeProto, names: ReadonlyMap<string, string>): void => {
  node.input = node.input.map((name) => names.get(name) ?? name)
  for (const body of bodiesOf(node)) for (const inner of body.node) renameReads(inner, names)
}

/** Names that a body answers as they are: nothing in it computes them. */
export const namesAnswered = (node: NodeProto): readonly string[] =>
  bodiesOf(node).flatMap((body) => [...body.output.map(({ name }) => name), ...body.node.flatMap(namesAnswered)])
