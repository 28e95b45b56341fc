import { PercallError } from '../errors.ts'
import type { Label } from '../registry/manifest.ts'
import type { TargetPlan } from './task.ts'

/** As asked for: `balanced`, or weights by label. */
export type AskedClassWeight = 'balanced' | Readonly<Record<string, number>>

/** In spec.json: `balanced`, or the weight of each class in the plan's order. */
export type ClassWeight = 'balanced' | readonly number[]

/** Labels that are not named weigh 1. Throws BAD_RUN: a regression, an unknown label. */
export const planClassWeight = (asked: AskedClassWeight, { task, classes }: TargetPlan): ClassWeight => {
  const refusal = (what: string) => new PercallError('BAD_RUN', `classWeight: ${what}`)
  if (classes === null) throw refusal(`expected none for ${task}`)
  if (asked === 'balanced') return asked
  const labels = classes.map((label: Label) => String(label))
  const stranger = Object.keys(asked).find((label) => !labels.includes(label))
  if (stranger !== undefined) throw refusal(`expected labels among ${labels.join(', ')}, got ${stranger}`)
  return labels.map((label) => asked[label] ?? 1)
}

/**
 * The weight of each class for a fit on rows of these classes. Balanced: n / (K n_k), K the classes that have rows, as
 * scikit-learn's class_weight='balanced' (King & Zeng 2001).
 */
const weightsOf = (given: ClassWeight, y: Float64Array, classes: number): readonly number[] => {
  if (given !== 'balanced') return given
  const counts = new Array<number>(classes).fill(0)
  for (const k of y) counts[k]! += 1
  const present = counts.filter((count) => count > 0).length
  return counts.map((count) => (count === 0 ? 1 : y.length / (present * count)))
}

type Rows = { readonly y: Float64Array; readonly weights?: Float64Array }

/** The weights of rows: each row's own times its class's, which follows from the rows that are learned from. */
export const classWeighted = (given: ClassWeight, learned: Float64Array, rows: Rows, classes: number): Float64Array => {
  const ofClass = weightsOf(given, learned, classes)
  return rows.y.map((k, i) => (rows.weights?.[i] ?? 1) * ofClass[k]!)
}
