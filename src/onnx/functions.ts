import { PercallError } from '../errors.ts'
import type { FunctionProto, ModelProto, NodeProto } from './proto/generated/onnx_pb.js'

// ONNX Runtime puts a function's nodes in the place of each call: ten that call the one before twice are a thousand.
const mostNodes = 200_000
const mostDepth = 32

const key = (domain: string, name: string): string => `${domain}:${name}`

// ONNX Runtime may take its own operator for one of these, and the file's function would say nothing of what runs.
const taken: readonly string[] = ['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']

const refuse = (text: string): never => {
  throw new PercallError('UNSUPPORTED_ONNX', text)
}

/** Local functions by domain and name. Throws UNSUPPORTED_ONNX for names in ONNX's own domains and for two of one name. */
const functionsOf = ({ functions }: ModelProto): ReadonlyMap<string, FunctionProto> => {
  const found = new Map<string, FunctionProto>()
  for (const one of functions) {
    const { domain, name } = one
    if (taken.includes(domain)) refuse(`function ${name}: expected a domain of its own, got ${domain || 'ai.onnx'}`)
    if (found.has(key(domain, name))) refuse(`function ${name}: expected one of domain ${domain}, got two`)
    found.set(key(domain, name), one)
  }
  return found
}

/**
 * Nodes of the model with each call of a local function replaced by the function's nodes, nested bodies included.
 * Throws UNSUPPORTED_ONNX for functions that call themselves, and beyond 200,000 nodes.
 */
export const requireFinite = (model: ModelProto): { readonly nodes: number; readonly local: ReadonlySet<string> } => {
  const functions = functionsOf(model)
  const sizes = new Map<string, number>()
  const path = new Set<string>()

  const sizeOf = (one: FunctionProto): number => {
    const name = key(one.domain, one.name)
    const known = sizes.get(name)
    if (known !== undefined) return known
    if (path.has(name)) refuse(`function ${one.name}: expected one that ends, it calls itself`)
    if (path.size >= mostDepth) refuse(`function ${one.name}: expected calls at most ${mostDepth} deep, got more`)
    path.add(name)
    const size = countNodes(one.node)
    path.delete(name)
    sizes.set(name, size)
    return size
  }
  const countNodes = (nodes: readonly NodeProto[]): number => {
    let count = 0
    for (const node of nodes) {
      const called = functions.get(key(node.domain, node.opType))
      count += called ? sizeOf(called) : 1
      for (const { g, graphs } of node.attribute)
        for (const body of g ? [g, ...graphs] : graphs) count += countNodes(body.node)
      if (count > mostNodes) refuse(`model: expected at most ${mostNodes} nodes, got more`)
    }
    return count
  }
  const nodes = countNodes(model.graph?.node ?? [])
  // Also those that nothing calls: ONNX Runtime reads them.
  for (const one of functions.values()) sizeOf(one)
  return { nodes, local: new Set(functions.keys()) }
}
