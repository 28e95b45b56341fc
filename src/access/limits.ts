import * as z from 'zod'

const most = 1_000_000
// Each request that is under way is a member of one item, of about 25 bytes.
const mostConcurrent = 1000

const count = (atMost: number) => {
  const words = `expected a whole number 1..${atMost}`
  return z.int(words).min(1, words).max(atMost, words).exactOptional()
}

/** How often something may call. */
export const limitsSchema = z
  .strictObject({ perSecond: count(most), perMinute: count(most), concurrent: count(mostConcurrent) })
  .refine((limits) => Object.keys(limits).length > 0, 'expected perSecond, perMinute or concurrent, got none')
  .readonly()

export type Limits = z.output<typeof limitsSchema>

/** Limits, and the name under which requests are counted against them. */
export type Limited = { readonly of: 'consumer' | 'key'; readonly subject: string; readonly limits: Limits }
