import { fromBinary } from '@bufbuild/protobuf'
import { type ModelProto, ModelProtoSchema } from '../proto/generated/onnx_pb.js'
import { liftConstants } from './constants.ts'
import { removeDeadNodes } from './dead-nodes.ts'
import { quantiseDynamically, type WeightBits } from './dynamic-int8.ts'
import { halveWeights } from './half-weights.ts'
import { modelPieces } from './model-pieces.ts'
import type { Pass } from './pass.ts'
import { pruneWeights } from './prune-weights.ts'
import { raiseOpset } from './raise-opset.ts'
import { joinInitialisers } from './same-initialisers.ts'

/** What a graph can become by passes over its nodes alone. */
export const rewriteNames = ['cleaned', 'half', 'int8', 'pruned'] as const
export type RewriteName = (typeof rewriteNames)[number]

export type Rewritten =
  /** The file, piece after piece: views of the bytes that it was made from, and new weights. */
  | { readonly kind: 'rewritten'; readonly pieces: readonly Uint8Array[] }
  | { readonly kind: 'refused'; readonly reason: string }

/** Of the weights of a matrix: a guess, since nothing is fitted anew; the policy judges what comes of it. */
const prunedShare = 0.5

/** From IR 4 on initialisers need not be listed as inputs; callers may not send them here in any case. */
const firstUnlistedIr = 4n

type Rule = { readonly pass: Pass; readonly none: string }

const ruleOf = (name: RewriteName, bits: WeightBits): Rule => {
  const products = 'expected a MatMul or Gemm by a constant FP32 matrix of at least 2,048 elements, got none'
  switch (name) {
    case 'cleaned':
      return { pass: () => 0, none: 'expected unused nodes or equal initialisers, got none' }
    case 'half':
      return {
        pass: halveWeights,
        none: 'expected FP32 initialisers of at least 256 elements that binary16 holds, got none',
      }
    case 'int8':
      return {
        pass: quantiseDynamically(bits),
        none: `${products.replace('elements', 'elements and 8 columns')}, of opset 11 or what can be raised to it`,
      }
    case 'pruned':
      return { pass: pruneWeights(prunedShare), none: products }
  }
}

const opsetOf = ({ opsetImport }: ModelProto): number =>
  Number(opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 1)

/**
 * A model file changed by the passes of one name; unused parts are removed and equal weights joined in each.
 * Expects a file that `inspectOnnx` took. Refuses what has nothing that the name's pass changes.
 */
export const rewrite = (bytes: Uint8Array, name: RewriteName, bits: WeightBits): Rewritten => {
  const model = fromBinary(ModelProtoSchema, bytes)
  const { graph, trainingInfo } = model
  if (graph === undefined || trainingInfo.length > 0)
    return { kind: 'refused', reason: 'expected a graph without training information' }
  const { pass, none } = ruleOf(name, bits)
  const initialised = new Set(graph.initializer.map((tensor) => tensor.name))
  graph.input = graph.input.filter((info) => !initialised.has(info.name))
  if (model.irVersion < firstUnlistedIr) model.irVersion = firstUnlistedIr
  if (name === 'int8') raiseOpset(model)
  const lifted = liftConstants(graph, opsetOf(model))
  const first = removeDeadNodes(graph, opsetOf(model)) + joinInitialisers(graph, opsetOf(model))
  const changes = pass(graph, opsetOf(model))
  if (changes + (name === 'cleaned' ? first : 0) === 0) return { kind: 'refused', reason: none }
  if (lifted + changes > 0) removeDeadNodes(graph, opsetOf(model))
  return { kind: 'rewritten', pieces: modelPieces(model) }
}
