/** Rows whose probability lies in (from, to]: the mean of what was said and the share of what came. */
export type CalibrationBin = {
  readonly from: number
  readonly to: number
  readonly weight: number
  readonly said: number
  readonly came: number
}

export type Calibration = {
  /** Bins with rows. */
  readonly bins: readonly CalibrationBin[]
  /** Expected calibration error: mean over rows of |said - came| of their bin (Naeini et al. 2015). */
  readonly expectedError: number
}

/** Bins of equal width, as sklearn.calibration.calibration_curve cuts them by default with 10. */
const binCount = 10

/** said [n] probabilities, came [n] of 0 and 1. */
export const calibrationBins = (said: Float64Array, came: Float64Array, weights?: Float64Array): Calibration => {
  const sums = Array.from({ length: binCount }, () => ({ weight: 0, said: 0, came: 0 }))
  said.forEach((p, i) => {
    const weight = weights?.[i] ?? 1
    const bin = sums[edges.filter((edge) => edge < p).length]!
    bin.weight += weight
    bin.said += weight * p
    bin.came += weight * came[i]!
  })
  const total = sums.reduce((sum, { weight }) => sum + weight, 0)
  const bins = sums.flatMap((bin, i) => {
    const { weight } = bin
    const means = { weight, said: bin.said / weight, came: bin.came / weight }
    return weight > 0 ? [{ from: i / binCount, to: (i + 1) / binCount, ...means }] : []
  })
  return { bins, expectedError: bins.reduce((sum, bin) => sum + bin.weight * Math.abs(bin.said - bin.came), 0) / total }
}

/** Between two bins, rounded as numpy.linspace rounds them. */
const edges = Array.from({ length: binCount - 1 }, (_, i) => (i + 1) * (1 / binCount))
