import { create, toBinary } from '@bufbuild/protobuf'
import { type Attribute, attributeProto } from '../../../src/onnx/attribute.ts'
import { ModelProtoSchema } from '../../../src/onnx/proto/generated/onnx_pb.js'
import type { XgboostTree } from './xgboost.ts'

/** Columns of the fixture's tables. */
const fixtureColumns = 8

type Node = {
  readonly operator: string
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** A stranger's file: x [n, width] -> one node of ai.onnx.ml 3 -> its outputs of numbers. */
export const file = ({ operator, outputs, attributes }: Node, width: number): Uint8Array => {
  const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value))
  const info = (name: string, elemType: number, second: number) => ({
    name,
    type: {
      value: {
        case: 'tensorType' as const,
        value: {
          elemType,
          shape: {
            dim: [
              { value: { case: 'dimParam' as const, value: 'n' } },
              { value: { case: 'dimValue' as const, value: BigInt(second) } },
            ],
          },
        },
      },
    },
  })
  const node = { opType: operator, domain: 'ai.onnx.ml', input: ['x'], output: [...outputs], attribute }
  const classes = outputs.length === 2 ? 2 : 1
  const graph = {
    name: 'stranger',
    node: [node],
    input: [info('x', 1, width)],
    output: [
      info(
        outputs.at(-1)!,
        1,
        outputs.length === 2 ? Number((attributes.classlabels_int64s as { ints: number[] }).ints.length) : classes,
      ),
    ],
  }
  const opsetImport = [
    { domain: '', version: 17n },
    { domain: 'ai.onnx.ml', version: 3n },
  ]
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }))
}

/** The attributes of nodes as converters of xgboost write them. */
export const nodesOf = (trees: readonly XgboostTree[], mode: string) => {
  const flat = trees.flatMap((tree, number) =>
    tree.left.map((left, node) => ({ tree, number, node, isLeaf: left === -1 })),
  )
  return {
    nodes_treeids: { ints: flat.map(({ number }) => number) },
    nodes_nodeids: { ints: flat.map(({ node }) => node) },
    nodes_featureids: { ints: flat.map(({ tree, node }) => tree.feature[node]!) },
    nodes_modes: { strings: flat.map(({ isLeaf }) => (isLeaf ? 'LEAF' : mode)) },
    nodes_values: { floats: flat.map(({ tree, node, isLeaf }) => (isLeaf ? 0 : Math.fround(tree.condition[node]!))) },
    nodes_truenodeids: { ints: flat.map(({ tree, node, isLeaf }) => (isLeaf ? 0 : tree.left[node]!)) },
    nodes_falsenodeids: { ints: flat.map(({ tree, node, isLeaf }) => (isLeaf ? 0 : tree.right[node]!)) },
    nodes_missing_value_tracks_true: { ints: flat.map(({ tree, node }) => tree.missingLeft[node]!) },
  }
}

const leavesOf = (trees: readonly XgboostTree[], what: 'target' | 'class', idOf: (tree: number) => number) => {
  const leaves = trees.flatMap((tree, number) =>
    tree.left.flatMap((left, node) => (left === -1 ? [{ tree, number, node }] : [])),
  )
  return {
    [`${what}_ids`]: { ints: leaves.map(({ number }) => idOf(number)) },
    [`${what}_treeids`]: { ints: leaves.map(({ number }) => number) },
    [`${what}_nodeids`]: { ints: leaves.map(({ node }) => node) },
    [`${what}_weights`]: { floats: leaves.map(({ tree, node }) => Math.fround(tree.condition[node]!)) },
  }
}

export const regressor = (
  trees: readonly XgboostTree[],
  base: number,
  mode = 'BRANCH_LT',
  more: Readonly<Record<string, Attribute>> = {},
) =>
  file(
    {
      ...{ operator: 'TreeEnsembleRegressor', outputs: ['y'] },
      attributes: {
        ...nodesOf(trees, mode),
        ...leavesOf(trees, 'target', () => 0),
        base_values: { floats: [base] },
        n_targets: { int: 1 },
        ...more,
      },
    },
    fixtureColumns,
  )

export const classifier = (trees: readonly XgboostTree[], classes: number, transform: string) =>
  file(
    {
      ...{ operator: 'TreeEnsembleClassifier', outputs: ['label', 'scores'] },
      attributes: {
        ...nodesOf(trees, 'BRANCH_LT'),
        ...leavesOf(trees, 'class', (number) => (classes === 2 ? 0 : number % classes)),
        classlabels_int64s: { ints: Array.from({ length: classes }, (_, k) => k) },
        post_transform: { string: transform },
        base_values: { floats: classes === 2 ? [0] : new Array(classes).fill(0.5) },
      },
    },
    fixtureColumns,
  )
