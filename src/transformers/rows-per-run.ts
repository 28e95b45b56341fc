import { mostTokens } from '../dataset/text-cell.ts'
import type { Pipeline } from './pipeline-shape.ts'
import { mostQuantiles } from './quantile-scale.ts'

/** What the terms of a text column, or comparisons with quantiles, may take in one run of a graph: training.md. */
const mostBytes = 64 * 2 ** 20

/** Size of a std::string in 64-bit libstdc++: what ONNX Runtime holds for each place of a tensor of tokens. */
const stringBytes = 32

/** Each value is compared with all quantiles of its column, and the answers are counted as INT64. */
const comparisonBytes = 8

/** Rows that a graph of these pipelines takes in one run; undefined without texts and quantiles, when any number will do. */
export const rowsPerRun = (pipelines: readonly Pipeline[]): number | undefined => {
  const sizes = pipelines.flatMap(({ form, wide, texts, scaling }) => [
    ...texts.map(({ tokens, terms }) =>
      Math.max(stringBytes * mostTokens[tokens], terms.length * (form === 'scaled' || wide ? 8 : 4)),
    ),
    ...(scaling?.steps ? [comparisonBytes * mostQuantiles * scaling.steps.length] : []),
  ])
  return sizes.length === 0 ? undefined : Math.max(1, Math.floor(mostBytes / Math.max(...sizes)))
}
