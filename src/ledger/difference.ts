import type { HourRange } from './totals.ts'

/** What is not as it was folded, or does not add up. */
export const differenceKinds = [
  'record missing',
  'record altered',
  'record inserted',
  'hour not folded',
  'chain missing',
  'chain inserted',
  'chain altered',
  'row missing',
  'row inserted',
  'row altered',
  'total differs',
  'balance differs',
  'invoice differs',
] as const

export type DifferenceKind = (typeof differenceKinds)[number]

export type Difference = {
  readonly kind: DifferenceKind
  readonly hour?: string
  readonly consumer?: string
  readonly chain?: string
  /** What was expected and what is there. */
  readonly text: string
}

/** Compares what was billed for the hours of a range with their totals. */
export type ReconcileInvoices = (range: HourRange) => Promise<readonly Difference[]>
