import type { Graph } from '../onnx/graph.ts'
import { type Bounds, clip } from './clip.ts'
import { impute, missingIndicator, type Strategy } from './impute.ts'
import { sortedPresent } from './order.ts'
import { quantileScale, type Steps } from './quantile-scale.ts'
import { robustScale } from './robust-scale.ts'
import { rescale, type Scaling, standardise } from './standardise.ts'

/** standardise: mean and deviation; robust: median and quartiles; quantile: the share of smaller values, standardised. */
export type ScalingMethod = 'standardise' | 'robust' | 'quantile'

/** What was fitted for each of some numeric features, in their order. */
export type NumberScaling = Bounds &
  Scaling & {
    readonly fills: readonly number[]
    /** Features whose missing values get a column of their own. */
    readonly indicators: readonly number[]
    /** Of the method quantile. */
    readonly steps?: readonly Steps[]
  }

export type NumberScalingOptions = {
  readonly method: ScalingMethod
  readonly clip: boolean
  readonly indicators: boolean
}

/** A feature before scaling. Only the first of a raw column's features tells that the column was missing. */
export type NumberFeature = { readonly strategy: Strategy; readonly first: boolean }

/**
 * 7 deviations of a normal variable on each side: its hundredths lie 2.33 from the mean, and once more their distance
 * away. A trend may go on, and a typing error or a heavy tail does not rule the fit.
 */
const outliers = clip({ tail: 0.01, reach: 1 })

/** Fits the features one at a time, so that no more than one column is held. */
export const scalingFitter = ({ method, clip: clips, indicators }: NumberScalingOptions) => {
  const fitted = {
    fills: [] as number[],
    indicators: [] as number[],
    lows: [] as number[],
    highs: [] as number[],
    centres: [] as number[],
    divisors: [] as number[],
  }
  const steps: Steps[] = []
  return {
    add: ({ strategy, first }: NumberFeature, column: Float64Array): void => {
      if (indicators && first && missingIndicator.fit([column]).length > 0) fitted.indicators.push(fitted.fills.length)
      const imputer = impute([strategy])
      // Sorted once for both.
      const sorted = sortedPresent(column)
      const fills = imputer.fit([sorted])
      const bounds = clips ? outliers.fit([sorted]) : { lows: [-Number.MAX_VALUE], highs: [Number.MAX_VALUE] }
      let present = outliers.apply(bounds, imputer.apply(fills, [column]))
      if (method === 'quantile') {
        const own = quantileScale.fit(present)
        present = quantileScale.apply(own, present)
        steps.push(...own)
      }
      const scaling = (method === 'robust' ? robustScale : standardise).fit(present)
      for (const [key, [value]] of Object.entries({ fills, ...bounds, ...scaling }))
        fitted[key as keyof typeof fitted].push(value!) // the keys of those three are the keys of fitted
    },
    done: (): NumberScaling => (method === 'quantile' ? { ...fitted, steps } : fitted),
  }
}

/** One feature's column [n], imputed, clipped and scaled. */
export const scaleColumn = (scaling: NumberScaling, place: number, column: Float64Array): Float64Array => {
  const own = (values: readonly number[]): readonly number[] => [values[place]!]
  const filled = impute([]).apply(own(scaling.fills), [column])
  const clipped = outliers.apply({ lows: own(scaling.lows), highs: own(scaling.highs) }, filled)
  const shares = scaling.steps === undefined ? clipped : quantileScale.apply([scaling.steps[place]!], clipped)
  return rescale.apply({ centres: own(scaling.centres), divisors: own(scaling.divisors) }, shares)[0]!
}

/** float64 [n, p] of raw features -> [n, p] scaled, and behind them the columns of missing ones. */
export const scalingNodes = (scaling: NumberScaling, graph: Graph, source: string): readonly string[] => {
  const filled = impute([]).toGraph(scaling.fills, graph, source)
  // Without bounds there is nothing to clip.
  const bounded = scaling.highs.some((high) => high < Number.MAX_VALUE)
  const clipped = bounded ? outliers.toGraph(scaling, graph, filled) : filled
  const shares = scaling.steps === undefined ? clipped : quantileScale.toGraph(scaling.steps, graph, clipped)
  const scaled = rescale.toGraph(scaling, graph, shares)
  return scaling.indicators.length === 0
    ? [scaled]
    : [scaled, missingIndicator.toGraph(scaling.indicators, graph, source)]
}
