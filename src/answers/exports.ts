import * as z from 'zod'

/** One receiver of exports. `done`: how many folded hours are sent, of `folded`. */
const exportAnswer = z.object({
  name: z.enum(['events', 'stripe', 'marketplace']),
  on: z.boolean(),
  done: z.int(),
  folded: z.int(),
  /** Records that it will never take, latest hours first; at most 100. */
  refused: z.array(z.object({ id: z.string(), reason: z.string() })),
})

export const exportsAnswer = z.object({ exports: z.array(exportAnswer) })
