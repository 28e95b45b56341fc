import type { Cell, ColumnCodec } from '../dataset/column-codec.ts'
import { type ColumnRange, type Element, elementOf, isMissing } from './column-range.ts'

/** One value of a row that would have to be another. */
export type Change = { readonly column: string; readonly from: Cell; readonly to: Cell }

/** The smallest change that was found, or why there is none. */
export type Counterfactual =
  | {
      readonly found: true
      /** The class that the changed row is answered with, and its probability. */
      readonly class: string
      readonly probability: number
      readonly changes: readonly Change[]
      /**
       * Sum over the changed columns: a number's step as a share of its training range, an ordered level's as a share of
       * their number, 1 for another level and for a missing value.
       */
      readonly distance: number
      readonly modelRows: number
    }
  | { readonly found: false; readonly reason: string; readonly modelRows: number }

/** One value for each column of the codec. */
export type Elements = readonly Element[]

export type Classified = { readonly label: string; readonly probabilities: readonly number[] }

/** Answers rows, each by its label as text and its probabilities in the order of `classes`. */
export type Classify = (rows: readonly Elements[]) => Promise<readonly Classified[]>

export type CounterfactualSearch = {
  readonly columns: readonly ColumnCodec[]
  /** In the same order. */
  readonly ranges: readonly ColumnRange[]
  readonly classes: readonly string[]
  /** Names of columns that stay as they are. */
  readonly fixed: readonly string[]
  /** Any but the answered class where absent. */
  readonly wanted?: string
  /** Rows that may be asked of the model. */
  readonly budget: number
}

/** Columns that one counterfactual changes at most: more is no explanation. */
const mostChanged = 6
/** Values between two ends that are tried at once, and how often what is left between two of them is cut again. */
const ladderSteps = 15
const mostLadders = 4
/** Columns whose flips are taken back as far as they go before the nearest is chosen: a far value may come back furthest. */
const mostFlips = 5
/** A number is written with at most so many digits, fewer where that takes it no more than this share further. */
const mostDigits = 6
const roundingShare = 0.05
const noGain = 1e-12

type Tried = { readonly row: Elements; readonly flips: boolean; readonly score: number } & Classified

/** The part of one column's change in the distance. */
const stepOf = (range: ColumnRange, from: Element, to: Element): number => {
  if (from === to || (isMissing(from) && isMissing(to))) return 0
  if (isMissing(from) || isMissing(to)) return 1
  if (range.kind === 'number') return Math.abs(Number(to) - Number(from)) / (range.max - range.min)
  if (range.kind !== 'levels' || !range.ordered) return 1
  const places = [from, to].map((level) => range.levels.indexOf(String(level)))
  return places.includes(-1) ? 1 : Math.abs(places[0]! - places[1]!) / (range.levels.length - 1)
}

/** Other values that the column had in training. */
const valuesOf = (range: ColumnRange, column: ColumnCodec, from: Element): readonly Element[] => {
  const all: readonly Element[] =
    range.kind === 'number'
      ? range.points.map((point) => elementOf(column, point))
      : range.kind === 'levels'
        ? range.levels
        : range.kind === 'boolean'
          ? [0, 1]
          : []
  return all.filter((value) => value !== from)
}

/** Values between two, from the one to the other, that the column could have: nothing where it has no order. */
const between = (range: ColumnRange, column: ColumnCodec, from: Element, to: Element): readonly Element[] => {
  if (isMissing(from) || isMissing(to)) return []
  if (range.kind === 'levels' && range.ordered) {
    const [a, b] = [range.levels.indexOf(String(from)), range.levels.indexOf(String(to))]
    if (a < 0 || b < 0) return []
    const inner = range.levels.slice(Math.min(a, b) + 1, Math.max(a, b))
    return a < b ? inner : inner.toReversed()
  }
  if (range.kind !== 'number') return []
  const [a, b] = [Number(from), Number(to)]
  const values = Array.from({ length: ladderSteps }, (_, i) => a + ((b - a) * (i + 1)) / (ladderSteps + 1))
  const typed = values.map((value) => elementOf(column, range.whole ? Math.round(value) : value))
  // A value outside the training range is no step towards one inside it.
  const allowed = typed.filter((value) => Number(value) >= range.min && Number(value) <= range.max)
  return allowed.filter((value, i) => value !== from && value !== to && value !== allowed[i - 1])
}

/** The same number with fewer digits, the fewest first. */
const rounder = (range: ColumnRange, column: ColumnCodec, value: Element): readonly Element[] => {
  if (range.kind !== 'number') return []
  const digits = Array.from({ length: mostDigits }, (_, i) =>
    elementOf(column, Number(Number(value).toPrecision(i + 1))),
  )
  const allowed = digits.filter((one) => Number(one) >= range.min && Number(one) <= range.max)
  return allowed.filter((one, i) => one !== value && one !== allowed[i - 1])
}

const cellOf = (column: ColumnCodec, element: Element): Cell => {
  if (isMissing(element)) return null
  if (typeof element === 'string') return element
  return column.kind === 'boolean' ? Number(element) === 1 : Number(elementOf(column, Number(element)))
}

const withValue = (row: Elements, place: number, value: Element): Elements => row.with(place, value)

const notTabular =
  'counterfactuals change numbers, truth values, categories and ordered levels, and this model has no such column that may change'
const allFixed = 'every column that could change is fixed'
const nothing = 'no change within the training ranges reaches it'
const usedUp = 'the budget was used up'

/**
 * The smallest change of the columns that may change which gets a row another label: the best single values one after the
 * other until it flips; then columns that are not needed go back, and numbers and ordered levels go back as far as they can,
 * each step in one batch of runs. Values stay within the ranges and levels of training; texts and dates stay as they are.
 * Greedy: a smaller change may exist. Throws what `classify` throws.
 */
export const counterfactual =
  (classify: Classify) =>
  async (origin: Elements, search: CounterfactualSearch): Promise<Counterfactual> => {
    const { columns, ranges, classes, fixed, wanted, budget } = search
    let modelRows = 0
    const distanceOf = (row: Elements): number =>
      ranges.reduce((sum, range, place) => sum + stepOf(range, origin[place]!, row[place]!), 0)

    const answered: { label?: string } = {}
    const judge = (row: Elements, { label, probabilities }: Classified): Tried => {
      answered.label ??= label
      const target = wanted === undefined ? undefined : probabilities[classes.indexOf(wanted)]
      const score = target ?? 1 - (probabilities[classes.indexOf(answered.label)] ?? 0)
      const flips = wanted === undefined ? label !== answered.label : label === wanted
      return { row, flips, score, label, probabilities }
    }
    /** As many of the rows as the budget has left. */
    const ask = async (rows: readonly Elements[]): Promise<readonly Tried[]> => {
      const asked = rows.slice(0, budget - modelRows)
      if (asked.length === 0) return []
      modelRows += asked.length
      return (await classify(asked)).map((one, i) => judge(asked[i]!, one))
    }
    const nearest = (tried: readonly Tried[]): Tried | undefined =>
      tried
        .filter(({ flips }) => flips)
        .reduce<Tried | undefined>(
          (best, one) => (best && distanceOf(best.row) <= distanceOf(one.row) ? best : one),
          undefined,
        )

    const couldChange = [...ranges.keys()].filter((place) => !['kept', 'date'].includes(ranges[place]!.kind))
    const mayChange = couldChange.filter((place) => !fixed.includes(ranges[place]!.name))
    const changedOf = (row: Elements): readonly number[] =>
      mayChange.filter((place) => !Object.is(row[place], origin[place]))

    /** One value more until the row flips: the nearest flip of each column that reaches it, the nearest first. */
    const grow = async (
      from: Tried,
    ): Promise<readonly { readonly tried: Tried; readonly place: number }[] | string> => {
      let best = from
      for (let changed = 0; changed < Math.min(mostChanged, mayChange.length); changed++) {
        const open = mayChange.filter((place) => Object.is(best.row[place], origin[place]))
        const trials = open.flatMap((place) =>
          valuesOf(ranges[place]!, columns[place]!, origin[place]!).map((value) => ({ place, value })),
        )
        // No row is copied that is not asked for.
        const affordable = trials.slice(0, budget - modelRows)
        const tried = await ask(affordable.map(({ place, value }) => withValue(best.row, place, value)))
        const flipped = open.flatMap((place) => {
          const own = nearest(tried.filter(({ row }) => !Object.is(row[place], best.row[place])))
          return own ? [{ tried: own, place }] : []
        })
        if (flipped.length > 0)
          return flipped.toSorted((a, b) => distanceOf(a.tried.row) - distanceOf(b.tried.row)).slice(0, mostFlips)
        if (tried.length < trials.length) return usedUp
        const next = tried.reduce((most, one) => (one.score > most.score ? one : most), best)
        if (next.score <= best.score + noGain) return nothing
        best = next
      }
      return nothing
    }

    /** Columns that the flip does not need go back, the furthest first. */
    const restore = async (found: Tried): Promise<Tried> => {
      const changed = changedOf(found.row)
      if (changed.length < 2) return found
      const tried = await ask(changed.map((place) => withValue(found.row, place, origin[place]!)))
      const best = nearest(tried)
      return best ? await restore(best) : found
    }

    /** One column as far back as the flip lets it. */
    const shrink = async (found: Tried, place: number): Promise<Tried> => {
      const [column, range] = [columns[place]!, ranges[place]!]
      let best = found
      let behind = origin[place]!
      for (let ladder = 0; ladder < mostLadders; ladder++) {
        const steps = between(range, column, behind, best.row[place]!)
        const tried = await ask(steps.map((value) => withValue(best.row, place, value)))
        const first = tried.findIndex(({ flips }) => flips)
        if (steps.length === 0) return best
        behind = first < 0 ? (tried.at(-1)?.row[place] ?? behind) : first === 0 ? behind : steps[first - 1]!
        if (first >= 0) best = tried[first]!
      }
      return best
    }

    const round = async (found: Tried, place: number): Promise<Tried> => {
      const values = rounder(ranges[place]!, columns[place]!, found.row[place]!)
      const most = distanceOf(found.row) * (1 + roundingShare)
      const rows = values.map((value) => withValue(found.row, place, value)).filter((row) => distanceOf(row) <= most)
      return (await ask(rows)).find(({ flips }) => flips) ?? found
    }

    const [start] = await ask([origin])
    if (couldChange.length === 0) return { found: false, reason: notTabular, modelRows }
    if (mayChange.length === 0) return { found: false, reason: allFixed, modelRows }
    if (start?.flips) return { found: false, reason: `it is answered with ${wanted} as it is`, modelRows }
    const grown = start ? await grow(start) : usedUp
    if (typeof grown === 'string') return { found: false, reason: grown, modelRows }
    const shrunk: Tried[] = []
    for (const { tried, place } of grown) shrunk.push(await shrink(tried, place))
    let found = await restore(nearest(shrunk)!)
    const apart = changedOf(found.row).toSorted(
      (a, b) => stepOf(ranges[b]!, origin[b]!, found.row[b]!) - stepOf(ranges[a]!, origin[a]!, found.row[a]!),
    )
    for (const place of apart) found = await shrink(found, place)
    for (const place of changedOf(found.row)) found = await round(found, place)
    return {
      found: true,
      class: found.label,
      probability: found.probabilities[classes.indexOf(found.label)] ?? Number.NaN,
      changes: changedOf(found.row).map((place) => ({
        column: ranges[place]!.name,
        from: cellOf(columns[place]!, origin[place]!),
        to: cellOf(columns[place]!, found.row[place]!),
      })),
      distance: distanceOf(found.row),
      modelRows,
    }
  }
