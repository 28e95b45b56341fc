/** Contributed operators that we let in: arithmetic of transformers and of quantised models, bounded by their inputs. */
const contributed: ReadonlySet<string> = new Set([
  'Attention',
  'BiasGelu',
  'DequantizeLinear',
  'DynamicQuantizeMatMul',
  'EmbedLayerNormalization',
  'FastGelu',
  'FusedConv',
  'FusedGemm',
  'FusedMatMul',
  'Gelu',
  'GroupQueryAttention',
  'MatMulIntegerToFloat',
  'MatMulNBits',
  'MultiHeadAttention',
  'QAttention',
  'QEmbedLayerNormalization',
  'QGemm',
  'QLinearAdd',
  'QLinearAveragePool',
  'QLinearConcat',
  'QLinearGlobalAveragePool',
  'QLinearLeakyRelu',
  'QLinearMul',
  'QLinearSigmoid',
  'QLinearSoftmax',
  'QuantizeLinear',
  'QuickGelu',
  'RotaryEmbedding',
  'SimplifiedLayerNormalization',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization',
])

/** ai.onnx (also written as the empty domain), ai.onnx.ml and the listed part of com.microsoft. */
export const isAllowedOperator = (domain: string, operator: string): boolean => {
  if (domain === '' || domain === 'ai.onnx' || domain === 'ai.onnx.ml') return true
  return domain === 'com.microsoft' && contributed.has(operator)
}

/** Operators that run a subgraph: their time is not bounded by the file's size. */
export const isControlFlow = (domain: string, operator: string): boolean =>
  (domain === '' || domain === 'ai.onnx') && (operator === 'Loop' || operator === 'Scan' || operator === 'If')
