import { createRandom, type Random } from '../random.ts'
import type { Algorithm } from './run.ts'

/** How a hyperparameter is drawn. */
type Range =
  | { readonly kind: 'log'; readonly low: number; readonly high: number }
  | { readonly kind: 'linear'; readonly low: number; readonly high: number }
  | { readonly kind: 'choice'; readonly values: readonly unknown[] }

type Space = Readonly<Record<string, Range>>

/**
 * Where trials are drawn from besides the defaults of each estimator. Penalties on standardised features span 1e5 or
 * more, so that both "none" and "only the mean" lie within; trees and nets lie around what is usual for tables.
 */
const spaces: Readonly<Record<string, Space>> = {
  linear: { ridge: { kind: 'log', low: 1e-2, high: 1e4 } },
  logistic: { C: { kind: 'log', low: 1e-3, high: 1e2 } },
  gbdt: {
    learningRate: { kind: 'log', low: 0.02, high: 0.2 },
    leaves: { kind: 'choice', values: [8, 15, 31, 63] },
    minRows: { kind: 'choice', values: [2, 5, 10, 20] },
    l2: { kind: 'log', low: 0.1, high: 10 },
    rows: { kind: 'linear', low: 0.6, high: 1 },
    columns: { kind: 'linear', low: 0.5, high: 1 },
  },
  forest: {
    leaves: { kind: 'choice', values: [64, 256, 1024] },
    minRows: { kind: 'choice', values: [1, 3, 10] },
    columns: { kind: 'linear', low: 0.2, high: 1 },
  },
  mlp: {
    hidden: { kind: 'choice', values: [[32], [64, 32], [128, 64], [64, 64, 32]] },
    learningRate: { kind: 'log', low: 3e-4, high: 1e-2 },
    alpha: { kind: 'log', low: 1e-6, high: 1e-2 },
  },
}

/** A different stream for each algorithm and number, so that one trial more leaves the others as they are. */
const streamOf = (algorithm: Algorithm, number: number, seed: number): Random => {
  const letters = [...algorithm].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 31, 7)
  return createRandom(seed * 2 ** 12 + number + letters)
}

const significantDigits = 3

const drawn = (range: Range, random: Random): unknown => {
  const at = random()
  switch (range.kind) {
    case 'log':
      // Few digits, so that a person can read and repeat it.
      return Number((range.low * (range.high / range.low) ** at).toPrecision(significantDigits))
    case 'linear':
      return Number((range.low + (range.high - range.low) * at).toPrecision(significantDigits))
    case 'choice':
      return range.values[Math.floor(range.values.length * at)]
  }
}

/** Whether there is anything to draw for it. */
export const isSearched = (algorithm: Algorithm): boolean => spaces[algorithm] !== undefined

/** The hyperparameters of the number-th draw, from 1; the same seed draws the same. */
export const drawHyper = (algorithm: Algorithm, number: number, seed: number): Readonly<Record<string, unknown>> => {
  const random = streamOf(algorithm, number, seed)
  const entries = Object.entries(spaces[algorithm] ?? {})
  return Object.fromEntries(entries.map(([name, range]) => [name, drawn(range, random)]))
}
