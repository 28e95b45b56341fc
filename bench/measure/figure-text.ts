import { type Figure, judge, type Target } from './figure.ts'
import type { Interval } from './statistics.ts'

const digits = 3

const number = (value: number): string => String(Number(value.toPrecision(digits)))

const interval = ({ median, low, high }: Interval): string =>
  low === high ? number(median) : `${number(median)} (${number(low)} to ${number(high)})`

const targetText = ({ unit }: Figure, target: Target): string => {
  const bound = 'atMost' in target ? `at most ${number(target.atMost)}` : `at least ${number(target.atLeast)}`
  return `${bound} ${target.of === 'ratio' ? 'x' : unit}`
}

const verdictOf = (figure: Figure, target: Target): string => {
  const { off, certain } = judge(figure, target)
  if (off <= 1) return 'met'
  const by = `${targetText(figure, target)}, off by ${number(off)} x`
  return certain ? `missed: ${by}` : `not decided: ${by}, the interval holds it`
}

/** One word when all targets are met, else each that is not. */
const verdict = (figure: Figure): string => {
  const words = figure.targets.map((target) => verdictOf(figure, target))
  if (words.length === 0) return 'reported'
  return words.filter((word) => word !== 'met').join('; ') || 'met'
}

/** The cells of a figure's line in docs/performance.md, in the order of `columns`. */
export const figureCells = (figure: Figure): readonly string[] => [
  figure.question,
  `${interval(figure.value)} ${figure.unit}`,
  figure.peer ? `${figure.peer.name}: ${number(figure.peer.value.median)} ${figure.unit}` : '',
  figure.ratio ? interval(figure.ratio) : '',
  figure.targets.map((target) => targetText(figure, target)).join('; '),
  verdict(figure),
]

export const columns = ['question', 'Percall', 'peer', 'ratio (90 % interval)', 'target', 'met?'] as const

/** A figure as one line of a terminal. */
export const figureLine = (figure: Figure): string => {
  const [question, ours, peer, ratio, target, met] = figureCells(figure)
  return [`${question}: ${ours}`, peer, ratio && `ratio ${ratio}`, target && `target ${target}`, met]
    .filter(Boolean)
    .join(' | ')
}
