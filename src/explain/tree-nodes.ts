import type { AttributeProto, NodeProto } from '../onnx/proto/generated/onnx_pb.js'
import type { Label } from '../registry/manifest.ts'
import { attributesOf, tensorNumbers } from './attributes.ts'
import type { ExplainTree } from './explain-tree.ts'
import { mostSetBytes, type Table, type TableNode, treeOfTable } from './tree-table.ts'

/** What one node of trees answers. */
export type Ensemble = {
  readonly base: readonly number[]
  readonly scores: readonly (readonly ExplainTree[])[]
  readonly link: 'identity' | 'sigmoid' | 'softmax'
  readonly pair: boolean
  readonly classes?: readonly Label[]
}

// A hostile file may ask for more memory than it has bytes.
const mostScores = 1000
const mostValues = 20_000_000

/**
 * Reads TreeEnsembleRegressor and TreeEnsembleClassifier of ai.onnx.ml 1 to 3, and TreeEnsemble of 5. Undefined for what
 * does not add up (minimum, maximum, PROBIT), for sets of other than small whole numbers, and for tables that are no trees.
 */
export const readEnsemble = (node: NodeProto): Ensemble | undefined => {
  const attributes = readerOf(node)
  if (node.opType === 'TreeEnsemble') return fromFive(attributes)
  if (node.opType === 'TreeEnsembleRegressor') return fromRegressor(attributes)
  return node.opType === 'TreeEnsembleClassifier' ? fromClassifier(attributes) : undefined
}

const readerOf = (node: NodeProto) => {
  const attributes = attributesOf(node)
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
  return {
    int: (name: string): number | undefined => {
      const own = attributes.get(name)
      return own && Number(own.i)
    },
    string: (name: string): string | undefined => {
      const own = attributes.get(name)
      return own && text(own.s)
    },
    strings: (name: string): readonly string[] => attributes.get(name)?.strings.map(text) ?? [],
    /** Whole numbers, or floats, or either as a tensor `name` or `name_as_tensor`. */
    numbers: (name: string): ArrayLike<number> => {
      const own = attributes.get(name) ?? attributes.get(`${name}_as_tensor`)
      return own === undefined ? [] : numbersOf(own)
    },
  }
}

type Reader = ReturnType<typeof readerOf>

const numbersOf = ({ t, ints, floats }: AttributeProto): ArrayLike<number> => {
  if (t !== undefined) return tensorNumbers(t) ?? []
  return floats.length > 0 ? floats : ints.map(Number)
}

// Source: https://onnx.ai/onnx/operators/onnx_aimlonnx_ml_TreeEnsemble.html
const modesOfFive = ['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ', 'MEMBER']
const aggregates = ['AVERAGE', 'SUM']
const links: Readonly<Record<string, Ensemble['link']>> = { NONE: 'identity', LOGISTIC: 'sigmoid', SOFTMAX: 'softmax' }
const transformsOfFive = ['NONE', 'SOFTMAX', 'LOGISTIC']

const fromFive = (read: Reader): Ensemble | undefined => {
  const aggregate = aggregates[read.int('aggregate_function') ?? 1]
  const link = links[transformsOfFive[read.int('post_transform') ?? 0] ?? '']
  const scores = read.int('n_targets') ?? 1
  if (aggregate === undefined || link === undefined || !(scores >= 1 && scores <= mostScores)) return undefined
  const members = setsOf(read.numbers('membership_values'))
  const [modes, features, thresholds] = ['nodes_modes', 'nodes_featureids', 'nodes_splits'].map(read.numbers)
  const [trueIds, trueLeaves, falseIds, falseLeaves] = [
    ...['nodes_truenodeids', 'nodes_trueleafs', 'nodes_falsenodeids', 'nodes_falseleafs'],
  ].map(read.numbers)
  const missing = read.numbers('nodes_missing_value_tracks_true')
  const child = (ids: ArrayLike<number>, isLeaf: ArrayLike<number>, at: number): number =>
    isLeaf[at] === 1 ? ~ids[at]! : ids[at]!
  const nodes = Array.from(modes!, (number, at): TableNode => {
    const mode = modesOfFive[number] ?? ''
    return {
      ...{ feature: features![at]!, mode, threshold: thresholds![at]!, missingTrue: missing[at] === 1 },
      truly: child(trueIds!, trueLeaves!, at),
      falsely: child(falseIds!, falseLeaves!, at),
      ...(mode === 'MEMBER' && { members: members.shift() ?? [] }),
    }
  })
  const weights = read.numbers('leaf_weights')
  const leaves = Array.from(read.numbers('leaf_targetids'), (score, at) => [[score, weights[at]!] as const])
  const table = { nodes, roots: Array.from(read.numbers('tree_roots')), leaves, scores }
  return ensembleOf(table, aggregate, new Array(scores).fill(0), { link, pair: false })
}

/** Sets in the order of their nodes, NaN behind each. */
const setsOf = (values: ArrayLike<number>): number[][] => {
  const sets: number[][] = []
  let own: number[] = []
  for (let at = 0; at < values.length; at++) {
    if (!Number.isNaN(values[at]!)) own.push(values[at]!)
    else {
      sets.push(own)
      own = []
    }
  }
  return sets
}

const fromRegressor = (read: Reader): Ensemble | undefined => {
  const aggregate = read.string('aggregate_function') ?? 'SUM'
  const link = links[read.string('post_transform') ?? 'NONE']
  const scores = read.int('n_targets') ?? 1
  if (!aggregates.includes(aggregate) || link === undefined || !(scores >= 1 && scores <= mostScores)) return undefined
  const table = olderTable(read, 'target', (id) => id, scores)
  const given = read.numbers('base_values')
  const base = Array.from({ length: scores }, (_, k) => given[given.length === 1 ? 0 : k] ?? 0)
  return table && ensembleOf(table, aggregate, base, { link, pair: false })
}

const fromClassifier = (read: Reader): Ensemble | undefined => {
  const link = links[read.string('post_transform') ?? 'NONE']
  const names = read.strings('classlabels_strings')
  const classes: readonly Label[] = names.length > 0 ? names : Array.from(read.numbers('classlabels_int64s'))
  if (link === undefined || classes.length < 2 || classes.length > mostScores) return undefined
  // Of two classes with weights for one class alone ONNX Runtime makes the other's score.
  const pair = classes.length === 2 && new Set(Array.from(read.numbers('class_ids'))).size === 1
  const given = read.numbers('base_values')
  const table = olderTable(read, 'class', (id) => (pair ? 0 : id), pair ? 1 : classes.length)
  const base = pair
    ? [given[given.length === 2 ? 1 : 0] ?? 0]
    : classes.map((_, k) => given[given.length === 1 ? 0 : k] ?? 0)
  return table && ensembleOf(table, 'SUM', base, { link, pair, classes })
}

/** Tables of versions 1 to 3, where nodes and leaves have their tree's number and their own. */
const olderTable = (
  read: Reader,
  what: 'target' | 'class',
  scoreOf: (id: number) => number,
  scores: number,
): Table | undefined => {
  const trees = read.numbers('nodes_treeids')
  const ids = read.numbers('nodes_nodeids')
  const modes = read.strings('nodes_modes')
  const places = new Map<string, number>()
  const roots: number[] = []
  const nodesAt: number[] = []
  let leafCount = 0
  for (let at = 0; at < modes.length; at++) {
    const place = modes[at] === 'LEAF' ? ~leafCount++ : nodesAt.push(at) - 1
    const key = `${trees[at]} ${ids[at]}`
    if (places.has(key)) return undefined
    places.set(key, place)
    // The first node of a tree is its root.
    if (at === 0 || trees[at] !== trees[at - 1]) roots.push(place)
  }
  const leaves = Array.from({ length: leafCount }, (): (readonly [number, number])[] => [])
  const [weights, score, leafTree, leafNode] = ['weights', 'ids', 'treeids', 'nodeids'].map((name) =>
    read.numbers(`${what}_${name}`),
  )
  for (let at = 0; at < weights!.length; at++) {
    const place = places.get(`${leafTree![at]} ${leafNode![at]}`)
    if (place === undefined || place >= 0) return undefined
    leaves[~place]!.push([scoreOf(score![at]!), weights![at]!])
  }
  const [features, thresholds, truly, falsely, missing] = [
    ...['nodes_featureids', 'nodes_values', 'nodes_truenodeids', 'nodes_falsenodeids'],
    'nodes_missing_value_tracks_true',
  ].map(read.numbers)
  const nodes = nodesAt.map(
    (at): TableNode => ({
      ...{ feature: features![at]!, mode: modes[at]!.replace('BRANCH_', ''), threshold: thresholds![at]! },
      missingTrue: missing![at] === 1,
      truly: places.get(`${trees[at]} ${truly![at]}`) ?? Number.NaN,
      falsely: places.get(`${trees[at]} ${falsely![at]}`) ?? Number.NaN,
    }),
  )
  return { nodes, roots, leaves, scores }
}

const ensembleOf = (
  table: Table,
  aggregate: string,
  base: readonly number[],
  rest: Omit<Ensemble, 'base' | 'scores'>,
): Ensemble | undefined => {
  const scale = aggregate === 'AVERAGE' ? 1 / table.roots.length : 1
  const budget = { setBytes: mostSetBytes, values: mostValues }
  const seen = new Set<number>()
  const scores = Array.from({ length: table.scores }, (): ExplainTree[] => [])
  for (const root of table.roots) {
    const tree = treeOfTable(table, root, seen, budget)
    if (tree === undefined) return undefined
    const { leaves, ...shape } = tree
    for (const k of new Set(leaves.flatMap((leaf) => table.leaves[leaf]!.map(([score]) => score)))) {
      const own = scores[k]
      budget.values -= leaves.length
      if (own === undefined || budget.values < 0) return undefined
      const weightOf = (leaf: number): number =>
        table.leaves[leaf]!.reduce((sum, [score, weight]) => (score === k ? sum + weight : sum), 0)
      own.push({ ...shape, value: Float64Array.from(leaves, (leaf) => scale * weightOf(leaf)) })
    }
  }
  return { base, scores, ...rest }
}
