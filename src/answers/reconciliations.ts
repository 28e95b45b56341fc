import * as z from 'zod'
import { differenceKinds } from '../ledger/difference.ts'
import { pageOf, time } from './common.ts'

const difference = z.object({
  kind: z.enum(differenceKinds),
  hour: z.string().exactOptional(),
  consumer: z.string().exactOptional(),
  chain: z.string().exactOptional(),
  text: z.string(),
})

const fields = {
  id: z.string(),
  state: z.enum(['running', 'succeeded', 'failed']),
  /** Id of the key that asked for it, or `nightly`. */
  by: z.string(),
  from: time,
  to: time,
  createdAt: time,
  endedAt: time.exactOptional(),
  /** Folded hours that were recomputed, and their rows, so far. */
  hours: z.int(),
  rows: z.int(),
  /** How many differences there are so far. */
  found: z.int(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).exactOptional(),
}

/** The first 200 differences. */
export const reconciliationAnswer = z.object({ ...fields, differences: z.array(difference) })

export const reconciliationsAnswer = pageOf('reconciliations', z.object(fields))
