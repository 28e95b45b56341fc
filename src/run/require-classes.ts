import { trainSide } from '../dataset/sides.ts'
import { PercallError } from '../errors.ts'
import type { RunSpec } from './spec.ts'

/** One to learn from while another one judges. */
const leastTrainRows = 2
const mostNamed = 10

/** Throws BAD_TABLE where a class cannot lie on both sides of a fold: no row would judge whether it was learned. */
export const requireClasses = (
  { target, plan }: Pick<RunSpec, 'target' | 'plan'>,
  y: Float64Array,
  sides: Uint8Array,
): void => {
  if (plan.classes === null) return
  const train = new Uint32Array(plan.classes.length)
  const all = new Uint32Array(plan.classes.length)
  y.forEach((k, row) => {
    all[k]! += 1
    if (sides[row] === trainSide) train[k]! += 1
  })
  const rare = [...train.keys()].filter((k) => train[k]! < leastTrainRows)
  if (rare.length === 0) return
  const named = rare
    .slice(0, mostNamed)
    .map((k) => `${JSON.stringify(plan.classes![k])} ${train[k]} (${all[k]} with the test rows)`)
  const rest = rare.length > mostNamed ? ` and ${rare.length - mostNamed} more` : ''
  throw new PercallError(
    'BAD_TABLE',
    `target ${target.name}: expected at least ${leastTrainRows} train rows of each class to learn from, got of ${named.join(', ')}${rest}; ${target.notice ?? 'add rows of these classes, mend what is misspelt, or leave the rows out'}`,
  )
}
