import { mostTokens } from '../dataset/text-cell.ts'
import type { Pipeline } from './pipeline-shape.ts'

/** What the terms of a text column may take in one run of a graph, dense: training.md. */
const mostBytes = 64 * 2 ** 20

/** Size of a std::string in 64-bit libstdc++: what ONNX Runtime holds for each place of a tensor of tokens. */
const stringBytes = 32

/** Rows that a graph of these pipelines takes in one run; undefined without a text, when any number will do. */
export const rowsPerRun = (pipelines: readonly Pipeline[]): number | undefined => {
  const sizes = pipelines.flatMap(({ form, wide, texts }) =>
    texts.map(({ tokens, terms }) =>
      Math.max(stringBytes * mostTokens[tokens], terms.length * (form === 'scaled' || wide ? 8 : 4)),
    ),
  )
  return sizes.length === 0 ? undefined : Math.max(1, Math.floor(mostBytes / Math.max(...sizes)))
}
