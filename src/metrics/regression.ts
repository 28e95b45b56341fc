/** truth and predicted [n]. R2 is NaN when the truth is constant. */
export declare const regressionMetrics: (
  truth: Float64Array,
  predicted: Float64Array,
) => { readonly rmse: number; readonly mae: number; readonly r2: number }
