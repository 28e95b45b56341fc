import { type BinSums, type Bounds, type Cut, fits, minus, noSums, plus, type Sums, stepOf, worthOf } from './cut.ts'
import { binCount, type Limits } from './plan.ts'

/**
 * The best set of categories: in the order of their smoothed mean gradient the best cut is among those between neighbours
 * (Fisher 1958). Missing values and categories with too few rows are one group, which always goes right, so that
 * categories never seen go there too.
 */
export const bestSet = (
  { bins, missing }: BinSums,
  limits: Limits,
  bounds: Bounds,
  parent: number,
  floor: number,
): Cut | undefined => {
  const frequent = bins.flatMap((sums, bin) => (sums.rows >= limits.categoryRows ? [{ bin, sums }] : []))
  const rare = bins.reduce((sum, sums) => (sums.rows < limits.categoryRows ? plus(sum, sums) : sum), missing)
  const groups = rare.rows > 0 ? [...frequent, { bin: -1, sums: rare }] : frequent
  const mean = ({ g, h }: Sums): number => g / (h + limits.categorySmoothing)
  groups.sort((a, b) => mean(a.sums) - mean(b.sums) || a.bin - b.bin)
  const total = groups.reduce((sum, { sums }) => plus(sum, sums), noSums)
  let best: { gain: number; place: number; low: Sums } | undefined
  let low = noSums
  for (let place = 0; place < groups.length - 1; place++) {
    low = plus(low, groups[place]!.sums)
    const high = minus(total, low)
    if (!fits(low, limits) || !fits(high, limits)) continue
    const worth =
      worthOf(low, stepOf(low, limits.l2, bounds), limits.l2) +
      worthOf(high, stepOf(high, limits.l2, bounds), limits.l2)
    const gain = worth - parent
    if (gain > (best?.gain ?? floor)) best = { gain, place, low }
  }
  if (best === undefined) return undefined
  const { gain, place } = best
  const first = groups.slice(0, place + 1)
  const lowIsRight = first.some(({ bin }) => bin === -1)
  const set = lowIsRight ? groups.slice(place + 1) : first
  const high = minus(total, best.low)
  const sides = new Uint8Array(binCount)
  for (const { bin } of set) sides[bin] = 1
  return lowIsRight
    ? { gain, left: high, right: best.low, bins: sides }
    : { gain, left: best.low, right: high, bins: sides }
}
