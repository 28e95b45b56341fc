import { eachAtMost } from '../each-at-most.ts'
import { beginOfChain, type ChainPlace, hashOf, type Sha256 } from './chain.ts'
import { addToDigest, beginDigest, byConsumer, inOrder } from './hour-hash.ts'
import type { Reservation, ReservedSlot } from './reservation.ts'
import type { Opening } from './sweep-leases.ts'
import { addLine, addRow, type ChainDigest, type Lines, linesOf, type TotalLine } from './totals.ts'

/** A chain of which the slots up to its place are in the sum; `next` is the page behind them. */
export type ChainTally = ChainPlace & {
  readonly next: string
  readonly rows: number
  readonly hash: string
  readonly faults: readonly string[]
}

/** A chain that was begun and is not at its end; without a tally nothing of it was read. */
type OpenChain = { readonly id: string; readonly tally?: ChainTally }

export type ChainFaults = { readonly id: string; readonly faults: readonly string[] }

/**
 * A piece of what a consumer's chains in an hour come to, from where the part before it ended. Whoever goes on behind the
 * same parts finds the same sum, wherever they were cut.
 */
export type SumPart = {
  /** Chains up to this one, in the order of their ids, are in this part or one before it, save those that are `open`. */
  readonly after: string
  readonly open: readonly OpenChain[]
  readonly lines: readonly TotalLine[]
  readonly digests: readonly ChainDigest[]
  readonly faults: readonly ChainFaults[]
}

export type ReadSlots =
  | { readonly kind: 'slots'; readonly slots: readonly ReservedSlot[]; readonly next?: string }
  | { readonly kind: 'waits'; readonly reservation: Reservation }

export type SumPorts = {
  readonly sha256: Sha256
  /** The slots behind a place: a page of an environment's chain without a lease; of any other chain all. */
  readonly readOn: (opening: Opening, from: ChainTally | undefined) => Promise<ReadSlots>
  /** What is wrong with slots by themselves. */
  readonly faultsOf?: (
    opening: Opening,
    slots: readonly ReservedSlot[],
    from: ChainPlace,
    isEnd: boolean,
  ) => readonly string[]
  /** Puts a consumer's n-th part if it is absent. -> the part that is there. */
  readonly keepPart: (consumerId: string, number: number, part: SumPart) => Promise<SumPart>
  /** Rows behind which a part ends. */
  readonly mostRows: number
}

/** What was added up by now, of this many parts. Changed in place. */
export type Sum = {
  parts: number
  after: string
  open: readonly OpenChain[]
  readonly lines: Lines
  readonly digests: ChainDigest[]
  readonly faults: Map<string, readonly string[]>
}

export type Summed = {
  readonly lines: readonly TotalLine[]
  readonly digests: readonly ChainDigest[]
  readonly faults: ReadonlyMap<string, readonly string[]>
}

const mostAtOnce = 8
// A part is one item of at most 400 KB, compressed.
const mostDigests = 1_000
const mostLines = 2_000

const addPart = (
  sum: Sum,
  { after, open, lines, digests, faults }: Omit<SumPart, 'lines'> & { readonly lines: Iterable<TotalLine> },
): void => {
  sum.after = after
  sum.open = open
  for (const line of lines) addLine(sum.lines, line)
  sum.digests.push(...digests)
  for (const { id, faults: found } of faults) sum.faults.set(id, found)
}

/** Of the parts that were kept, from the first on. */
export const sumOfParts = (parts: readonly SumPart[] = []): Sum => {
  const sum: Sum = { parts: parts.length, after: '', open: [], lines: new Map(), digests: [], faults: new Map() }
  for (const part of parts) addPart(sum, part)
  return sum
}

/** In an order that does not depend on where parts were cut. */
export const summed = ({ lines, digests, faults }: Sum): Summed => ({
  lines: linesOf(lines),
  digests: digests.toSorted(byConsumer),
  faults,
})

const rowsIn = (slots: readonly ReservedSlot[]): number => slots.filter(({ kind }) => kind === 'row').length

const placeBehind = (
  sha256: Sha256,
  { id, kind }: Opening,
  slots: readonly ReservedSlot[],
  from: ChainPlace,
): ChainPlace => {
  const last = slots.at(-1)
  // Other chains are read at once.
  if (kind !== 'environment' || !last || last.kind === 'manifest') return from
  return { number: last.number, link: hashOf(sha256, id, last), isClosed: last.kind === 'closed' }
}

export type Advanced = { readonly kind: 'summed' | 'more' } | Extract<ReadSlots, { readonly kind: 'waits' }>

/**
 * Adds the next rows of a consumer's chains to the sum, so many that it takes seconds, and keeps them as a part unless they are the
 * last. `more`: there are others. `waits`: for a call that is answered later; what was read before it is kept.
 */
export const advanceSum =
  (ports: SumPorts) =>
  async (consumerId: string, openings: readonly Opening[], sum: Sum): Promise<Advanced> => {
    const { sha256, readOn, faultsOf = () => [], keepPart, mostRows } = ports
    const begun = new Map(sum.open.map(({ id, tally }) => [id, tally]))
    const left = openings.filter(({ id }) => begun.has(id) || id > sum.after).toSorted((a, b) => inOrder(a.id, b.id))
    const lines: Lines = new Map()
    const digests: ChainDigest[] = []
    const faults: ChainFaults[] = []
    const open: OpenChain[] = []
    let { after } = sum
    let rows = 0
    let waiting: Extract<ReadSlots, { readonly kind: 'waits' }> | undefined
    const isFull = (): boolean => rows >= mostRows || digests.length >= mostDigests || lines.size >= mostLines
    const keepOpen = (id: string, tally: ChainTally | undefined): void =>
      void open.push({ id, ...(tally && { tally }) })

    const readToEnd = async (opening: Opening): Promise<void> => {
      const { id, lease } = opening
      let tally = begun.get(id)
      for (;;) {
        const read = await readOn(opening, tally)
        if (read.kind === 'waits') {
          waiting = read
          keepOpen(id, tally)
          return
        }
        const { slots, next } = read
        const from = tally ?? beginOfChain(sha256, id)
        for (const slot of slots) if (slot.kind === 'row') addRow(lines, slot, lease?.payer.kind)
        rows += rowsIn(slots)
        const now = {
          rows: (tally?.rows ?? 0) + rowsIn(slots),
          hash: addToDigest(sha256, id, tally?.hash ?? beginDigest(sha256, opening, slots), slots),
          // The first page with one says it: what follows it cannot be told.
          faults: tally?.faults[0] === undefined ? faultsOf(opening, slots, from, next === undefined) : tally.faults,
        }
        if (next === undefined) {
          digests.push({ id, consumerId, rows: now.rows, hash: now.hash })
          if (now.faults.length > 0) faults.push({ id, faults: now.faults })
          return
        }
        tally = { ...now, ...placeBehind(sha256, opening, slots, from), next }
        if (isFull()) {
          keepOpen(id, tally)
          return
        }
      }
    }

    let skipped = false
    await eachAtMost(mostAtOnce, left, async (opening) => {
      if (isFull() || waiting) {
        skipped = true
        // Where a release before this one read more chains at once.
        if (begun.has(opening.id)) keepOpen(opening.id, begun.get(opening.id))
        return
      }
      // They are begun in their order.
      if (opening.id > after) after = opening.id
      await readToEnd(opening)
    })
    const part = { after, open: open.toSorted((a, b) => inOrder(a.id, b.id)), lines: linesOf(lines), digests, faults }
    if (!skipped && open.length === 0) {
      addPart(sum, part)
      return { kind: 'summed' }
    }
    if (rows > 0 || digests.length > 0) {
      addPart(sum, await keepPart(consumerId, sum.parts, part))
      sum.parts += 1
    }
    return waiting ?? { kind: 'more' }
  }
