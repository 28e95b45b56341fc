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

const addTo = (sums: Readonly<Record<string, number>>, key: string, more = 1): Record<string, number> => ({
  ...sums,
  [key]: (sums[key] ?? 0) + more,
})

/** The counts with one more call that began. */
export const countBegun = (counts: Counts): Counts => ({ ...counts, begun: counts.begun + 1 })

/** The counts with the end of a call that had begun. */
export const countEnded = (counts: Counts, { atMs, durationMs, outcome }: Ended): Counts => {
  const lastAtMs = Math.max(counts.lastAtMs, atMs)
  if (outcome.kind === 'failed') {
    const failed = addTo(counts.failed, outcome.code)
    return { ...counts, failed, failedMs: counts.failedMs + durationMs, lastAtMs }
  }
  return {
    ...counts,
    ok: counts.ok + 1,
    cold: counts.cold + (outcome.cold ? 1 : 0),
    rows: counts.rows + outcome.rows,
    latency: addTo(counts.latency, String(bucketOf(durationMs))),
    parseMs: counts.parseMs + outcome.parseMs,
    queueMs: counts.queueMs + outcome.queueMs,
    inferMs: counts.inferMs + outcome.inferMs,
    okMs: counts.okMs + durationMs,
    lastAtMs,
  }
}

const merged = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> =>
  Object.entries(b).reduce((sums, [key, count]) => addTo(sums, key, count), { ...a })

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
    .flatMap((by) => (consumerId === undefined ? Object.values(by) : (by[consumerId] ?? [])))
    .reduce(mergeCounts, noCounts)
