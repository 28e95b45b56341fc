/**
 * Which of the few places for histograms belongs to whom. When all are taken the one that was claimed first is taken from
 * its owner, whose children will be counted again; integers make that the same sums. Has a life.
 */
export type Slots<Owner> = {
  readonly claim: (owner: Owner) => number
  readonly give: (owner: Owner, slot: number) => void
  /** The owner's slot, which it loses, or undefined when it lost it before. */
  readonly take: (owner: Owner) => number | undefined
  readonly put: (slot: number) => void
  readonly release: (owner: Owner) => void
}

export const createSlots = <Owner>(count: number): Slots<Owner> => {
  const owners = new Map<Owner, number>()
  const idle = Array.from({ length: count }, (_, slot) => count - 1 - slot)
  const take = (owner: Owner): number | undefined => {
    const slot = owners.get(owner)
    owners.delete(owner)
    return slot
  }
  return {
    claim: (owner) => {
      const slot = idle.pop() ?? take(owners.keys().next().value!)!
      owners.set(owner, slot)
      return slot
    },
    give: (owner, slot) => {
      owners.set(owner, slot)
    },
    take,
    put: (slot) => {
      idle.push(slot)
    },
    release: (owner) => {
      const slot = take(owner)
      if (slot !== undefined) idle.push(slot)
    },
  }
}
