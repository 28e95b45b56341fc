/** Things in the order of their worth, the largest first; of equal ones the one that was added first. Has a life. */
export type Frontier<Item> = {
  readonly add: (item: Item, worth: number) => void
  /** Takes out the first. */
  readonly take: () => Item | undefined
}

/** A binary heap. */
export const createFrontier = <Item>(): Frontier<Item> => {
  type Entry = { readonly item: Item; readonly worth: number; readonly number: number }
  const heap: Entry[] = []
  let added = 0
  const before = (a: Entry, b: Entry): boolean => a.worth > b.worth || (a.worth === b.worth && a.number < b.number)
  const swap = (i: number, j: number): void => {
    const kept = heap[i]!
    heap[i] = heap[j]!
    heap[j] = kept
  }
  return {
    add: (item, worth) => {
      heap.push({ item, worth, number: added++ })
      for (let i = heap.length - 1; i > 0; ) {
        const above = (i - 1) >> 1
        if (!before(heap[i]!, heap[above]!)) break
        swap(i, above)
        i = above
      }
    },
    take: () => {
      const first = heap[0]
      const last = heap.pop()
      if (first === undefined || last === undefined) return undefined
      if (heap.length > 0) heap[0] = last
      for (let i = 0; ; ) {
        let next = i
        for (const child of [2 * i + 1, 2 * i + 2])
          if (child < heap.length && before(heap[child]!, heap[next]!)) next = child
        if (next === i) return first.item
        swap(i, next)
        i = next
      }
    },
  }
}
