import { type Interval, medianInterval, type Summary, summarise } from './statistics.ts'

export type Unit =
  | 'us'
  | 'ms'
  | 's'
  | 'MB'
  | 'requests/s'
  | 'requests'
  | 'bytes'
  | 'write units'
  | 'USD'
  | 'standard errors'

/** A bound of the median of our samples, or of its ratio to the peer's. */
export type Target = { readonly of: 'ratio' | 'value' } & ({ readonly atMost: number } | { readonly atLeast: number })

/** One line of docs/performance.md: a question, what was measured, and what it is held to. */
export type Figure = {
  readonly question: string
  readonly unit: Unit
  /** In the order they were taken; sample k of ours and of the peer's are a pair. */
  readonly samples: readonly Summary[]
  readonly value: Interval
  readonly peer?: { readonly name: string; readonly samples: readonly Summary[]; readonly value: Interval }
  /** Ours over the peer's, pair by pair. */
  readonly ratio?: Interval
  readonly targets: readonly Target[]
}

type Measured = Pick<Figure, 'question' | 'unit' | 'samples'> & {
  readonly targets?: readonly Target[]
  readonly peer?: { readonly name: string; readonly samples: readonly Summary[] }
}

const medians = (samples: readonly Summary[]): number[] => samples.map((sample) => sample.median)

/** A figure from its samples: medians, and the ratio of each pair. */
export const figureOf = ({ targets = [], peer, ...measured }: Measured): Figure => {
  const ours = medians(measured.samples)
  const value = medianInterval(ours)
  if (!peer) return { ...measured, value, targets }
  const theirs = medians(peer.samples)
  if (theirs.length !== ours.length)
    throw new Error(`${measured.question}: expected pairs, got ${ours.length} samples and ${theirs.length} of the peer`)
  const ratio = medianInterval(ours.map((median, pair) => median / theirs[pair]!))
  return { ...measured, value, peer: { ...peer, value: medianInterval(theirs) }, ratio, targets }
}

type Counted = Pick<Figure, 'question' | 'unit'> & {
  readonly value: number
  readonly peer?: { readonly name: string; readonly value: number }
  readonly targets?: readonly Target[]
}

const exactly = (value: number): Interval => ({ median: value, low: value, high: value })

/** A figure that is counted or computed, not timed: it has one value and no interval. */
export const countedFigure = ({ question, unit, value, peer, targets = [] }: Counted): Figure => {
  const counted = { question, unit, samples: [summarise([value])], value: exactly(value), targets }
  if (!peer) return counted
  const theirs = { name: peer.name, samples: [summarise([peer.value])], value: exactly(peer.value) }
  return { ...counted, peer: theirs, ratio: exactly(value / peer.value) }
}

/** How far the median is off the target, 1 or less when it is met, and whether the whole interval lies beyond it. */
export const judge = (
  { ratio, value }: Figure,
  target: Target,
): { readonly off: number; readonly certain: boolean } => {
  const got = target.of === 'ratio' ? ratio : value
  if (!got) throw new Error('target of a ratio: expected a peer, got none')
  return 'atMost' in target
    ? { off: got.median / target.atMost, certain: got.low > target.atMost }
    : { off: target.atLeast / got.median, certain: got.high < target.atLeast }
}
