import type { Matrix } from '../../estimators/estimator.ts'
import { createRandom } from '../../random.ts'
import { selectMatrix } from '../select-rows.ts'
import { blendMargins } from './blend.ts'

/** A model that may join, with what serving it costs: undefined where it is not known. */
export type Candidate = {
  readonly margins: Matrix
  readonly sizeBytes?: number
  readonly latencyMs?: number
}

export type Limits = { readonly sizeBytes?: number; readonly latencyMs?: number }

/** Weights by place of the candidate, sum 1; candidates that stay out are absent. */
export type Blend = ReadonlyMap<number, number>

/** What a blend loses on rows: margins of those rows, and their numbers. */
export type BlendLoss = (margins: Matrix, rows: Uint32Array) => number

const mostSteps = 30
/** Steps without a better blend after which none is looked for. */
const patience = 5

/**
 * Greedy selection with replacement (Caruana et al. 2004): the best single first, then one at a time whichever candidate
 * makes the mean of margins lose least; the best blend on the way is the answer, so that it never loses more than the
 * best single on these rows. Members together stay within `limits`. Ties go to the earlier candidate.
 */
export const selectBlend = (
  candidates: readonly Candidate[],
  rows: Uint32Array,
  loss: BlendLoss,
  limits: Limits = {},
): Blend => {
  const margins = candidates.map((candidate) => selectMatrix(candidate.margins, rows))
  const columns = margins[0]!.columns
  const sum = new Float64Array(rows.length * columns)
  const mixed = new Float64Array(sum.length)
  const chosen: number[] = []
  let best = { loss: Number.POSITIVE_INFINITY, steps: 0 }
  while (chosen.length < mostSteps && chosen.length - best.steps < patience) {
    let next = { place: -1, loss: Number.POSITIVE_INFINITY }
    for (const [place, { values }] of margins.entries()) {
      if (!fits([...chosen, place], candidates, limits)) continue
      for (let at = 0; at < mixed.length; at++) mixed[at] = (sum[at]! + values[at]!) / (chosen.length + 1)
      const own = loss({ rows: rows.length, columns, values: mixed }, rows)
      if (own < next.loss) next = { place, loss: own }
    }
    if (next.place === -1) break
    chosen.push(next.place)
    const { values } = margins[next.place]!
    for (let at = 0; at < sum.length; at++) sum[at]! += values[at]!
    if (next.loss < best.loss) best = { loss: next.loss, steps: chosen.length }
  }
  const counts = new Map<number, number>()
  for (const place of chosen.slice(0, best.steps)) counts.set(place, (counts.get(place) ?? 0) + 1)
  return new Map([...counts].sort(([a], [b]) => a - b).map(([place, count]) => [place, count / best.steps]))
}

const fits = (places: readonly number[], candidates: readonly Candidate[], limits: Limits): boolean =>
  (['sizeBytes', 'latencyMs'] as const).every((what) => {
    const limit = limits[what]
    if (limit === undefined) return true
    return [...new Set(places)].reduce((sum, place) => sum + (candidates[place]![what] ?? 0), 0) <= limit
  })

const crossFits = 5

/** Margins of each row by a blend, and by a single, that were both chosen on the other parts of the rows. */
export const crossFittedMargins = (
  candidates: readonly Candidate[],
  rows: Uint32Array,
  loss: BlendLoss,
  limits: Limits,
  seed: number,
): { readonly blended: Matrix; readonly single: Matrix } => {
  const random = createRandom(seed)
  const parts = rows.map(() => Math.floor(random() * crossFits))
  const { columns } = candidates[0]!.margins
  const blended = new Float64Array(rows.length * columns)
  const single = new Float64Array(rows.length * columns)
  for (let part = 0; part < crossFits; part++) {
    const places = (own: boolean) => Uint32Array.from(parts.keys().filter((at) => (parts[at] === part) === own))
    const held = places(true)
    const learn = places(false).map((at) => rows[at]!)
    const heldRows = held.map((at) => rows[at]!)
    const blend = selectBlend(candidates, learn, loss, limits)
    const losses = candidates.map(({ margins }) => loss(selectMatrix(margins, learn), learn))
    const best = losses.indexOf(Math.min(...losses))
    scatter(blended, held, blendOf(candidates, blend, heldRows))
    scatter(single, held, selectMatrix(candidates[best]!.margins, heldRows))
  }
  return {
    blended: { rows: rows.length, columns, values: blended },
    single: { rows: rows.length, columns, values: single },
  }
}

/** The blend's margins on some rows. */
export const blendOf = (candidates: readonly Candidate[], blend: Blend, rows: Uint32Array): Matrix =>
  blendMargins(
    [...blend].map(([place, weight]) => ({ weight, margins: selectMatrix(candidates[place]!.margins, rows) })),
  )

const scatter = (into: Float64Array, places: Uint32Array, { columns, values }: Matrix): void =>
  places.forEach((place, i) => {
    into.set(values.subarray(i * columns, (i + 1) * columns), place * columns)
  })
