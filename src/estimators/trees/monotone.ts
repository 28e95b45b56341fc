import * as z from 'zod'
import { PercallError } from '../../errors.ts'
import type { Features } from '../estimator.ts'
import { columnsOf } from './table.ts'

export const monotoneSchema = z.record(z.string(), z.union([z.literal(-1), z.literal(0), z.literal(1)])).readonly()

export type Monotone = z.infer<typeof monotoneSchema>

/** The sign of each feature; empty without any. Throws BAD_RUN where a column is not one feature that is a number. */
export const signsOf = (monotone: Monotone = {}, X: Features): readonly number[] => {
  const given = Object.entries(monotone).filter(([, sign]) => sign !== 0)
  if (given.length === 0) return []
  const { sources = [], levels = [] } = X
  const signs = new Array<number>(columnsOf(X)).fill(0)
  for (const [column, sign] of given) {
    const feature = sources.indexOf(column)
    if (feature < 0 || sources.lastIndexOf(column) !== feature || (levels[feature] ?? 0) > 0)
      throw new PercallError('BAD_RUN', `parameters.gbdt.monotone, column ${column}: expected a column of numbers`)
    signs[feature] = sign
  }
  return signs
}
