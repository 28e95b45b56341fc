import { elementTypes } from '../../onnx/datatype.ts'
import type { Graph } from '../../onnx/graph.ts'
import type { GraphFeatures } from '../estimator.ts'
import type { Tree, TreeModel } from './tree.ts'

// ai.onnx.ml 5, TreeEnsemble: modes of nodes, sums as the aggregate, raw scores.
const lessOrEqual = 0
const member = 6
const aggregateSum = 1
const noTransform = 0

const mostFloat32 = 3.4028234663852886e38

/** Margins of boosted trees: base + the sum of the trees, float64 [n, outputs]. */
export const treeNodes = (model: TreeModel, graph: Graph, features: GraphFeatures): string =>
  graph.node('Add', [
    ensembleNode(model, graph, features),
    graph.constant('FP64', [1, model.base.length], Float64Array.from(model.base)),
  ])

/** The sum of the trees of each output, float64 [n, outputs]. Leaves and thresholds are float32 unless features are wide. */
export const ensembleNode = (model: TreeModel, graph: Graph, { name, wide }: GraphFeatures): string => {
  const outputs = model.base.length
  const flat = flatten(model, wide)
  const numbers = (values: readonly number[]) => ({
    tensor: {
      elementType: elementTypes[wide ? 'FP64' : 'FP32'],
      data: wide ? Float64Array.from(values) : Float32Array.from(values),
    },
  })
  const sums = graph.node('TreeEnsemble', [name], {
    domain: 'ai.onnx.ml',
    attributes: {
      aggregate_function: { int: aggregateSum },
      post_transform: { int: noTransform },
      n_targets: { int: outputs },
      tree_roots: { ints: flat.roots },
      nodes_featureids: { ints: flat.feature },
      nodes_modes: { tensor: { elementType: elementTypes.UINT8, data: Uint8Array.from(flat.mode) } },
      nodes_splits: numbers(flat.split),
      nodes_missing_value_tracks_true: { ints: flat.missingLeft },
      nodes_truenodeids: { ints: flat.left.map(({ at }) => at) },
      nodes_trueleafs: { ints: flat.left.map(({ leaf }) => leaf) },
      nodes_falsenodeids: { ints: flat.right.map(({ at }) => at) },
      nodes_falseleafs: { ints: flat.right.map(({ leaf }) => leaf) },
      leaf_targetids: { ints: flat.target },
      leaf_weights: numbers(flat.weight),
      ...(flat.members.length > 0 && { membership_values: numbers(flat.members) }),
    },
  })
  return wide ? sums : graph.node('Cast', [sums], { attributes: { to: { int: elementTypes.FP64 } } })
}

type Child = { readonly at: number; readonly leaf: number }

type Flat = {
  readonly roots: number[]
  readonly feature: number[]
  readonly mode: number[]
  readonly split: number[]
  readonly missingLeft: number[]
  readonly left: Child[]
  readonly right: Child[]
  readonly target: number[]
  readonly weight: number[]
  /** The sets in the order of their nodes, NaN behind each. */
  readonly members: number[]
}

const flatten = ({ trees, levels, base }: TreeModel, wide: boolean): Flat => {
  const flat: Flat = {
    ...{ roots: [], feature: [], mode: [], split: [], missingLeft: [], left: [], right: [], target: [], weight: [] },
    members: [],
  }
  trees.forEach((tree, number) => {
    const firstNode = flat.feature.length
    const firstLeaf = flat.weight.length
    const child = (at: number): Child => (at < 0 ? { at: firstLeaf + ~at, leaf: 1 } : { at: firstNode + at, leaf: 0 })
    flat.roots.push(firstNode)
    flat.weight.push(...tree.value)
    flat.target.push(...tree.value.map(() => number % base.length))
    for (const node of atLeastOne(tree)) addNode(flat, tree, node, levels, child, wide)
  })
  return flat
}

/** A tree of one leaf has no node, but the operator wants one: both its sides are that leaf. */
const atLeastOne = ({ feature }: Tree): readonly number[] => (feature.length === 0 ? [0] : [...feature.keys()])

const addNode = (
  flat: Flat,
  tree: Tree,
  node: number,
  levels: readonly number[],
  child: (at: number) => Child,
  wide: boolean,
): void => {
  const feature = tree.feature[node] ?? 0
  const threshold = tree.threshold[node] ?? 0
  const isSet = tree.feature.length > 0 && levels[feature]! > 0
  flat.feature.push(feature)
  flat.mode.push(isSet ? member : lessOrEqual)
  flat.split.push(isSet ? 0 : wide ? threshold : floatBelow(threshold))
  flat.missingLeft.push(tree.missingLeft[node] ?? 0)
  flat.left.push(child(tree.left[node] ?? ~0))
  flat.right.push(child(tree.right[node] ?? ~0))
  if (isSet) flat.members.push(...tree.sets[threshold]!, Number.NaN)
}

/** The largest float32 number that is not above x: float32 features are at most x where they are at most this. */
const floatBelow = (x: number): number => {
  const rounded = Math.fround(Math.min(x, mostFloat32))
  if (rounded <= x) return rounded
  const bits = new Int32Array(Float32Array.of(rounded).buffer)
  // Bits of floats rise with their size: one less is nearer to 0, one more is further below it.
  bits[0]! += rounded > 0 ? -1 : 1
  return new Float32Array(bits.buffer)[0]!
}
