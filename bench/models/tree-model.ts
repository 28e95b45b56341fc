import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { createGraph, type Graph } from '../../src/onnx/graph.ts'
import { ModelProtoSchema, OperatorSetIdProtoSchema } from '../../src/onnx/proto/generated/onnx_pb.js'
import { createRandom } from '../../src/random.ts'

const trees = 100
const depth = 5
const inner = 2 ** depth - 1
const nodesPerTree = 2 ** (depth + 1) - 1
/** Width of a row. */
export const features = 30

/** 100 full trees of 32 leaves over 30 features, random splits: about what a boosted model of 100 x 31 costs. */
const treeAttributes = () => {
  const random = createRandom(1)
  const nodes = Array.from({ length: trees * nodesPerTree }, (_, i) => ({
    tree: Math.floor(i / nodesPerTree),
    node: i % nodesPerTree,
  }))
  const leaves = nodes.filter(({ node }) => node >= inner)
  return {
    n_targets: { int: 1 },
    nodes_treeids: { ints: nodes.map(({ tree }) => tree) },
    nodes_nodeids: { ints: nodes.map(({ node }) => node) },
    nodes_featureids: { ints: nodes.map(() => Math.floor(random() * features)) },
    nodes_values: { floats: nodes.map(() => random() * 2 - 1) },
    nodes_modes: { strings: nodes.map(({ node }) => (node < inner ? 'BRANCH_LEQ' : 'LEAF')) },
    nodes_truenodeids: { ints: nodes.map(({ node }) => (node < inner ? 2 * node + 1 : 0)) },
    nodes_falsenodeids: { ints: nodes.map(({ node }) => (node < inner ? 2 * node + 2 : 0)) },
    target_treeids: { ints: leaves.map(({ tree }) => tree) },
    target_nodeids: { ints: leaves.map(({ node }) => node) },
    target_ids: { ints: leaves.map(() => 0) },
    target_weights: { floats: leaves.map(() => random() - 0.5) },
  }
}

/** createGraph writes ai.onnx.ml 5, which has no TreeEnsembleRegressor any more. */
const withTreeOpset = (bytes: Uint8Array): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, bytes)
  model.opsetImport = [
    create(OperatorSetIdProtoSchema, { domain: '', version: 21n }),
    create(OperatorSetIdProtoSchema, { domain: 'ai.onnx.ml', version: 3n }),
  ]
  return toBinary(ModelProtoSchema, model)
}

const finish = (graph: Graph, rows: string): Uint8Array => {
  const attributes = treeAttributes()
  const output = graph.node('TreeEnsembleRegressor', [rows], { attributes, domain: 'ai.onnx.ml', output: 'y' })
  graph.output(output, 'FP32', [-1, 1])
  return withTreeOpset(graph.toBytes())
}

/** One FP32 input `x` [-1,30] -> FP32 `y` [-1,1]. */
export const tensorTreeModel = (): Uint8Array => {
  const graph = createGraph('trees')
  return finish(graph, graph.input('x', 'FP32', [-1, features]))
}

export const columnNames = Array.from({ length: features }, (_, i) => `feature_${i + 1}`)

/** The same trees behind 30 FP32 inputs [-1,1] named by column, as a trained model has them. */
export const columnTreeModel = (): Uint8Array => {
  const graph = createGraph('trees')
  const columns = columnNames.map((name) => graph.input(name, 'FP32', [-1, 1]))
  return finish(graph, graph.node('Concat', columns, { attributes: { axis: { int: 1 } } }))
}
