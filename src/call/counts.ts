/** What happened in the calls of one version by one consumer; sums over it are sums of each member. */
export type Counts = {
  /** Calls that began; more than those that ended where an environment was killed in one. */
  readonly begun: number
  readonly ok: number
  /** Calls that failed, by code. */
  readonly failed: Readonly<Record<string, number>>
  readonly cold: number
  readonly rows: number
  /** Answered calls by the bucket of their time (bucketOf). */
  readonly latency: Readonly<Record<string, number>>
  readonly parseMs: number
  /** What a call waited for: its version's record and its model's loading. */
  readonly queueMs: number
  readonly inferMs: number
  readonly okMs: number
  readonly failedMs: number
  /** When the last call ended; 0 where there was none. */
  readonly lastAtMs: number
}

/** One call that has ended. */
export type Ended = {
  readonly atMs: number
  readonly durationMs: number
  readonly outcome:
    | {
        readonly kind: 'ok'
        readonly rows: number
        readonly cold: boolean
        readonly parseMs: number
        readonly queueMs: number
        readonly inferMs: number
      }
    | { readonly kind: 'failed'; readonly code: string }
}

export const noCounts: Counts = {
  begun: 0,
  ok: 0,
  failed: {},
  cold: 0,
  rows: 0,
  latency: {},
  parseMs: 0,
  queueMs: 0,
  inferMs: 0,
  okMs: 0,
  failedMs: 0,
  lastAtMs: 0,
}

// Four buckets a doubling: a percentile is at most 2^(1/4) = 19 % above the exact one.
const bucketsPerDoubling = 4

/** The smallest i with durationMs <= 2^(i/4). */
export const bucketOf = (durationMs: number): number =>
  Math.ceil(Math.log2(Math.max(durationMs, shortestMs)) * bucketsPerDoubling)

const shortestMs = 0.01

/** The longest time of a bucket. */
export const boundOf = (bucket: number): number => 2 ** (bucket / bucketsPerDoubling)

/** Counts that are added to in place: a copy of them for each call took 12 of the 100 us of a warm one. */
export type Tally = {
  -readonly [Member in keyof Counts]: Counts[Member] extends number ? number : Record<string, number>
}

/** A tally that begins at `counts`. */
export const tallyFrom = (counts: Counts): Tally => ({
  ...counts,
  failed: { ...counts.failed },
  latency: { ...counts.latency },
})

const addTo = (sums: Record<string, number>, key: string, more = 1): void => {
  sums[key] = (sums[key] ?? 0) + more
}

// The bucket of a fast call is negative, and a negative number as a key is written as text at each use.
const bucketNames = new Map<number, string>()

const bucketName = (bucket: number): string => {
  const known = bucketNames.get(bucket)
  if (known !== undefined) return known
  const name = String(bucket)
  bucketNames.set(bucket, name)
  return name
}

/** Adds a call that began and ended. */
export const addCall = (tally: Tally, { atMs, durationMs, outcome }: Ended): void => {
  tally.begun += 1
  tally.lastAtMs = Math.max(tally.lastAtMs, atMs)
  if (outcome.kind === 'failed') {
    addTo(tally.failed, outcome.code)
    tally.failedMs += durationMs
    return
  }
  tally.ok += 1
  tally.cold += outcome.cold ? 1 : 0
  tally.rows += outcome.rows
  addTo(tally.latency, bucketName(bucketOf(durationMs)))
  tally.parseMs += outcome.parseMs
  tally.queueMs += outcome.queueMs
  tally.inferMs += outcome.inferMs
  tally.okMs += durationMs
}

const merged = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> => {
  const sums = { ...a }
  for (const [key, count] of Object.entries(b)) addTo(sums, key, count)
  return sums
}

/** The counts of both. */
export const mergeCounts = (a: Counts, b: Counts): Counts => ({
  begun: a.begun + b.begun,
  ok: a.ok + b.ok,
  failed: merged(a.failed, b.failed),
  cold: a.cold + b.cold,
  rows: a.rows + b.rows,
  latency: merged(a.latency, b.latency),
  parseMs: a.parseMs + b.parseMs,
  queueMs: a.queueMs + b.queueMs,
  inferMs: a.inferMs + b.inferMs,
  okMs: a.okMs + b.okMs,
  failedMs: a.failedMs + b.failedMs,
  lastAtMs: Math.max(a.lastAtMs, b.lastAtMs),
})

/** How many calls failed, whatever the code. */
export const failedOf = ({ failed }: Pick<Counts, 'failed'>): number =>
  Object.values(failed).reduce((sum, count) => sum + count, 0)

/**
 * The time that a share (0 to 1) of the answered calls did not exceed, by nearest rank: the upper bound of its bucket.
 * Undefined without calls.
 */
export const percentileMs = ({ latency }: Pick<Counts, 'latency'>, share: number): number | undefined => {
  const buckets = Object.entries(latency).map(([bucket, count]) => ({ bucket: Number(bucket), count }))
  const rank = Math.max(1, Math.ceil(share * buckets.reduce((sum, { count }) => sum + count, 0)))
  let seen = 0
  for (const { bucket, count } of buckets.toSorted((a, b) => a.bucket - b.bucket)) {
    seen += count
    if (seen >= rank) return boundOf(bucket)
  }
  return undefined
}

/** All that environments counted of all consumers, or of one. */
export const countsOf = (pages: readonly Readonly<Record<string, Counts>>[], consumerId?: string): Counts =>
  pages
    .flatMap((by) =>
      // A consumer may be called as a member that every object has, such as `constructor`.
      consumerId === undefined ? Object.values(by) : Object.hasOwn(by, consumerId) ? (by[consumerId] ?? []) : [],
    )
    .reduce(mergeCounts, noCounts)
