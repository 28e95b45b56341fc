import * as z from 'zod'

/** Local days from..to, `to` not included; the current month by default. */
export const reconciliationSchema = z.strictObject({ from: z.string().optional(), to: z.string().optional() })
