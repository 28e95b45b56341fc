import { trainSide } from '../dataset/sides.ts'
import { PercallError } from '../errors.ts'
import type { RunSpec } from './spec.ts'

/** One to learn from while another one judges. */
const leastTrainRows = 2

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
  const rare = train.findIndex((count) => count < leastTrainRows)
  if (rare < 0) return
  throw new PercallError(
    'BAD_TABLE',
    `target ${target.name}, class ${plan.classes[rare]}: expected at least ${leastTrainRows} train rows to learn from, got ${train[rare]} (${all[rare]} with the test rows); ${target.notice ?? 'add rows of this class, or leave it out'}`,
  )
}
