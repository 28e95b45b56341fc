import { PercallError } from '../errors.ts'
import type { Limited } from './limits.ts'

/** One rule that requests are counted against: `permin` of a consumer, `key-persec` of a key. */
export type Policy = {
  readonly name: string
  readonly subject: string
  readonly quota: number
  /** Length of the calendar window; absent where requests under way are counted. */
  readonly windowMs?: number
}

/** What is left under a policy, as far as this environment knows. */
export type PolicyState = { readonly policy: Policy; readonly remaining: number; readonly resetMs?: number }

export type Passage =
  | { readonly kind: 'admitted'; readonly states: readonly PolicyState[]; readonly leave: () => Promise<void> }
  | { readonly kind: 'refused'; readonly states: readonly PolicyState[]; readonly by: Policy; readonly retryMs: number }

/** Takes up to `wanted` requests of a window, never beyond the quota. -> what it got, and what is taken by all. */
export type TakeBlock = (
  window: { readonly subject: string; readonly name: string; readonly index: number; readonly windowMs: number },
  wanted: number,
  quota: number,
) => Promise<{ readonly got: number; readonly taken: number }>

/** A slot of the requests that are under way, until it is given back or its time is over. */
export type Slots = {
  readonly acquire: (
    subject: string,
    quota: number,
    id: string,
    nowMs: number,
  ) => Promise<{ readonly got: boolean; readonly held: number }>
  readonly release: (subject: string, id: string) => Promise<void>
}

export type LimiterPorts = {
  readonly nowMs: () => number
  readonly takeBlock: TakeBlock
  readonly slots: Slots
  /** Short and unique among the requests that are under way. */
  readonly newId: () => string
}

const windows = [
  { member: 'perSecond', name: 'persec', windowMs: 1000 },
  { member: 'perMinute', name: 'permin', windowMs: 60_000 },
] as const

const policiesOf = ({ of, subject, limits }: Limited): readonly Policy[] => {
  const prefix = of === 'key' ? 'key-' : ''
  const counted = windows.flatMap(({ member, name, windowMs }) => {
    const quota = limits[member]
    return quota === undefined ? [] : [{ name: prefix + name, subject, quota, windowMs }]
  })
  const { concurrent } = limits
  return concurrent === undefined ? counted : [...counted, { name: `${prefix}concurrent`, subject, quota: concurrent }]
}

/** What one environment holds of a window. */
type Held = { index: number; tokens: number; taken: number; size: number; isSpent: boolean }

// What lies in a block of an environment that is not called any more is lost to the others until the window ends.
const smallestShare = 16
const mostHeld = 10_000
const slotRetryMs = 1000

const notReady = (cause: unknown): PercallError =>
  new PercallError('NOT_READY', 'rate limit: the table of counters did not answer', { cause })

/**
 * The limits of one environment's requests. A request is counted in the calendar window that its environment's clock shows
 * when it comes. Requests are taken from the table in blocks: one at first, twice as many while a block does not outlast its
 * window, at most a sixteenth of the quota. Has a life.
 */
export const createLimiter = ({ nowMs, takeBlock, slots, newId }: LimiterPorts) => {
  const blocks = new Map<string, Held>()

  const heldOf = ({ subject, name }: Policy, index: number): Held => {
    const key = `${subject} ${name}`
    const known = blocks.get(key)
    if (known?.index === index) return known
    const size = known ? Math.max(1, known.tokens > 0 ? Math.floor(known.size / 2) : known.size) : 1
    const held = { index, tokens: 0, taken: 0, size, isSpent: false }
    const oldest = blocks.keys().next()
    if (!known && blocks.size >= mostHeld && !oldest.done) blocks.delete(oldest.value)
    blocks.set(key, held)
    return held
  }

  const refill = async (policy: Policy & { readonly windowMs: number }, held: Held): Promise<boolean> => {
    const { subject, name, quota, windowMs } = policy
    const wanted = Math.min(held.size, Math.max(1, Math.floor(quota / smallestShare)))
    const { got, taken } = await takeBlock({ subject, name, index: held.index, windowMs }, wanted, quota)
    held.taken = Math.max(held.taken, taken)
    if (got === 0) held.isSpent = true
    // One of them is this request's own, whatever comes meanwhile.
    else held.tokens += got - 1
    held.size = wanted * 2
    return got > 0
  }

  type Ticket = { readonly state: () => PolicyState; readonly got: boolean; readonly giveBack: () => Promise<void> }

  const countIn = async (policy: Policy & { readonly windowMs: number }, atMs: number): Promise<Ticket> => {
    const index = Math.floor(atMs / policy.windowMs)
    const held = heldOf(policy, index)
    const own = held.tokens > 0
    if (own) held.tokens -= 1
    const got = own || (!held.isSpent && (await refill(policy, held)))
    return {
      got,
      state: () => ({
        policy,
        remaining: Math.max(0, policy.quota - held.taken + held.tokens),
        resetMs: (index + 1) * policy.windowMs - atMs,
      }),
      giveBack: async () => {
        if (got) held.tokens += 1
      },
    }
  }

  const takeSlot = async (policy: Policy, atMs: number): Promise<Ticket> => {
    const id = newId()
    const { got, held } = await slots.acquire(policy.subject, policy.quota, id, atMs)
    return {
      got,
      state: () => ({ policy, remaining: Math.max(0, policy.quota - held) }),
      // Where that fails the slot's time ends it.
      giveBack: async () => {
        if (got) await slots.release(policy.subject, id).catch(() => undefined)
      },
    }
  }

  const takeAll = async (policies: readonly Policy[], atMs: number): Promise<readonly Ticket[]> => {
    const tickets: Ticket[] = []
    const settled = await Promise.allSettled(
      policies.map((policy) =>
        policy.windowMs === undefined
          ? takeSlot(policy, atMs)
          : countIn({ ...policy, windowMs: policy.windowMs }, atMs),
      ),
    )
    for (const one of settled) if (one.status === 'fulfilled') tickets.push(one.value)
    const failed = settled.find((one) => one.status === 'rejected')
    if (!failed) return tickets
    await Promise.all(tickets.map(({ giveBack }) => giveBack()))
    throw notReady(failed.reason)
  }

  const refusal = (tickets: readonly Ticket[]): Passage | undefined => {
    const states = tickets.map(({ state }) => state())
    const without = states.filter((_, i) => !tickets[i]?.got)
    const [longest] = without.sort((a, b) => (b.resetMs ?? slotRetryMs) - (a.resetMs ?? slotRetryMs))
    if (!longest) return undefined
    return { kind: 'refused', states, by: longest.policy, retryMs: longest.resetMs ?? slotRetryMs }
  }

  /** Counts one request against all its limits, or against none. Throws NOT_READY: without its counters nothing passes. */
  return async (limited: readonly Limited[]): Promise<Passage> => {
    const atMs = nowMs()
    const policies = limited.flatMap(policiesOf)
    const counted = await takeAll(
      policies.filter(({ windowMs }) => windowMs !== undefined),
      atMs,
    )
    // A slot is asked for last: what the windows refuse must not hold one.
    const refused = refusal(counted)
    const slotsTaken = refused
      ? []
      : await takeAll(
          policies.filter(({ windowMs }) => windowMs === undefined),
          atMs,
        ).catch(async (thrown: unknown) => {
          await Promise.all(counted.map(({ giveBack }) => giveBack()))
          throw thrown
        })
    const full = refused ?? refusal([...counted, ...slotsTaken])
    const leave = async (): Promise<void> => {
      await Promise.all(slotsTaken.map(({ giveBack }) => giveBack()))
    }
    if (!full) return { kind: 'admitted', states: [...counted, ...slotsTaken].map(({ state }) => state()), leave }
    await Promise.all([...counted.map(({ giveBack }) => giveBack()), leave()])
    return full
  }
}
