import type { Chain, PutSlot, ReadChain, Sha256, Slot } from './chain.ts'
import { hashOf } from './chain.ts'

type ClosePorts = { readonly readChain: ReadChain; readonly putSlot: PutSlot; readonly sha256: Sha256 }

const mostTries = 3

/**
 * Closes an environment chain whose last put is of unknown outcome: read, put `closed` at the next number if absent, read again.
 * -> all its slots once `closed` is among them: a row that is not there can never land. Undefined when that cannot be told.
 */
export const closeChain =
  ({ readChain, putSlot, sha256 }: ClosePorts) =>
  async ({ id }: Pick<Chain, 'id'>): Promise<readonly Slot[] | undefined> => {
    for (let tries = 0; tries < mostTries; tries++) {
      const slots = await readChain(id).catch(() => undefined)
      if (!slots) continue
      const last = slots.at(-1)
      if (last?.kind === 'closed') return slots
      const closed = {
        kind: 'closed',
        number: slots.length + 1,
        previous: last ? hashOf(sha256, id, last) : sha256(id),
      } as const
      const outcome = await putSlot(id, closed)
      if (outcome.kind === 'written') return [...slots, closed]
    }
    return undefined
  }
