/** y of a row as a number, or its class. */
export type LeakTarget = { readonly y: Float64Array; readonly classes: number | null }

/** Even rows teach, odd rows test. */
const isHeld = (row: number): boolean => row % 2 === 1

/** Bins of a numeric column; a copy of an even target keeps 1 - 1/64^2 of its variance. */
const bins = 64

/** Each value's bin by quantiles; the missing ones are a bin of their own. */
export const quantileBins = (values: Float64Array): Uint32Array => {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const edges = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)]!)
  const starts = Float64Array.from(new Set(edges))
  return Uint32Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1 + upperBound(starts, value)))
}

const upperBound = (sorted: Float64Array, value: number): number => {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (sorted[middle]! <= value) from = middle + 1
    else to = middle
  }
  return from
}

/**
 * How well the held half of the rows is predicted from one column by the other half: R2 of a regression, ROC AUC of two
 * classes, the share of right classes of more. `cells` are bins or levels; `values` are those of a numeric column.
 */
export const singleColumnScore = (cells: Uint32Array, { y, classes }: LeakTarget, values?: Float64Array): number => {
  if (classes === null) {
    const binned = r2(y, meansByCell(cells, y))
    return values ? Math.max(binned, r2(y, line(values, y))) : binned
  }
  return classes === 2 ? areaUnderCurve(y, meansByCell(cells, y)) : shareRight(cells, y, classes)
}

/** The mean of y on the taught rows of each row's cell; that of all for a cell that was not taught. */
const meansByCell = (cells: Uint32Array, y: Float64Array): Float64Array => {
  const most = cells.reduce((max, cell) => Math.max(max, cell), 0)
  const sums = new Float64Array(most + 1)
  const counts = new Float64Array(most + 1)
  let sum = 0
  let count = 0
  for (let row = 0; row < y.length; row++) {
    if (isHeld(row)) continue
    sums[cells[row]!]! += y[row]!
    counts[cells[row]!]! += 1
    sum += y[row]!
    count += 1
  }
  return Float64Array.from(cells, (cell) => (counts[cell]! > 0 ? sums[cell]! / counts[cell]! : sum / count))
}

/** Least squares on the taught rows; the mean where the value is missing. */
const line = (values: Float64Array, y: Float64Array): Float64Array => {
  const taught = values.map((value, row) => (isHeld(row) ? Number.NaN : value))
  let [n, meanX, meanY] = [0, 0, 0]
  for (let row = 0; row < y.length; row++) {
    if (Number.isNaN(taught[row]!)) continue
    n += 1
    meanX += taught[row]!
    meanY += y[row]!
  }
  meanX /= n
  meanY /= n
  let [squares, products] = [0, 0]
  for (let row = 0; row < y.length; row++) {
    if (Number.isNaN(taught[row]!)) continue
    squares += (taught[row]! - meanX) ** 2
    products += (taught[row]! - meanX) * (y[row]! - meanY)
  }
  const slope = squares > 0 ? products / squares : 0
  return values.map((value) => (Number.isNaN(value) ? meanY : meanY + slope * (value - meanX)))
}

const r2 = (y: Float64Array, predicted: Float64Array): number => {
  let [n, mean] = [0, 0]
  for (let row = 1; row < y.length; row += 2) {
    mean += y[row]!
    n += 1
  }
  mean /= n
  let [squares, errors] = [0, 0]
  for (let row = 1; row < y.length; row += 2) {
    squares += (y[row]! - mean) ** 2
    errors += (y[row]! - predicted[row]!) ** 2
  }
  return squares > 0 ? 1 - errors / squares : 0
}

/** By ranks, equal scores counted half: Mann & Whitney (1947). */
const areaUnderCurve = (y: Float64Array, scores: Float64Array): number => {
  const counts = new Map<number, [number, number]>()
  for (let row = 1; row < y.length; row += 2) {
    const pair = counts.get(scores[row]!) ?? [0, 0]
    pair[y[row] === 1 ? 1 : 0] += 1
    counts.set(scores[row]!, pair)
  }
  let [below, area, positives] = [0, 0, 0]
  for (const [, [negative, positive]] of [...counts].sort(([a], [b]) => a - b)) {
    area += positive * (below + negative / 2)
    below += negative
    positives += positive
  }
  return below * positives > 0 ? area / (below * positives) : 0.5
}

const shareRight = (cells: Uint32Array, y: Float64Array, classes: number): number => {
  const most = cells.reduce((max, cell) => Math.max(max, cell), 0)
  const counts = new Uint32Array((most + 1) * classes)
  for (let row = 0; row < y.length; row += 2) counts[cells[row]! * classes + y[row]!]! += 1
  let [right, held] = [0, 0]
  for (let row = 1; row < y.length; row += 2) {
    const own = counts.subarray(cells[row]! * classes, (cells[row]! + 1) * classes)
    const best = Math.max(...own)
    if (best > 0 && own.indexOf(best) === y[row]) right += 1
    held += 1
  }
  return held > 0 ? right / held : 0
}
