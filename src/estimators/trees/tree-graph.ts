import type { Graph } from '../../onnx/graph.ts'
import type { GraphFeatures } from '../estimator.ts'
import type { TreeModel } from './tree.ts'
export const treeNodes = (_model: TreeModel, _graph: Graph, _features: GraphFeatures): string => ''
