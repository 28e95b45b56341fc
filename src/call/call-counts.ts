import { PercallError } from '../errors.ts'
import type { Resolve } from '../ports.ts'
import { NeedsLarge } from '../registry/placement.ts'
import type { Answer, Call } from './call.ts'
import type { Admission, Charge, Usage } from './charge.ts'
import { addCall, type Counts, type Ended, noCounts, type Tally, tallyFrom } from './counts.ts'

/** What one environment counted of a version in an hour, for a few of its consumers: one item, replaced whole. */
export type CountsPage = {
  readonly model: string
  readonly version: number
  readonly hourStartMs: number
  /** 0 for the first consumers of the hour, 1 for those that came when it was full. */
  readonly page: number
  readonly by: Readonly<Record<string, Counts>>
}

/** Replaces the page that this environment put before. Never throws: a put that fails is made up for by the next. */
export type PutCounts = (page: CountsPage) => Promise<'put' | 'failed'>

type Page = {
  readonly model: string
  readonly version: number
  readonly hourStartMs: number
  readonly page: number
  readonly by: Map<string, Tally>
  putAtMs: number
  /** What lies in the table is not what was counted. */
  isBehind: boolean
  /** The item counts a call as answered that has not been charged yet. */
  isAhead: boolean
}

type Ports = {
  /** By the wall clock, in milliseconds. */
  readonly nowMs: () => number
  readonly resolve: Resolve
  readonly putCounts: PutCounts
}

/** However a call is settled: by its row, or by its row with its answer. */
type SettleWith<More extends unknown[]> = (admission: Admission, usage: Usage, ...more: More) => Promise<Charge>

export type CallCounts = {
  /** Settles, and puts the version's counts beside it when 10 s have gone since they were put. */
  readonly settle: <More extends unknown[]>(settle: SettleWith<More>) => SettleWith<More>
  /** Answers, and counts how that ended. */
  readonly answer: (answer: (call: Call) => Promise<Answer>) => (call: Call) => Promise<Answer>
  /** Puts all that is not in the table yet. */
  readonly flush: () => Promise<void>
}

const hourMs = 3_600_000
/** serving.md: at most one put a version in this time, so a killed environment loses no more than it. */
const putEveryMs = 10_000
// About 250 bytes each: a page stays below 4 KB, 4 write units.
const consumersPerPage = 16
// Pages of versions that are not called any more are put by the calls of others, a few a call.
const mostLatePuts = 8

const pageKey = (model: string, version: number, hourStartMs: number): string => `${model}/${version}/${hourStartMs}`

/** The counts of one environment: kept in memory, put as absolute numbers and never as part of a call's own write. Has a life. */
export const createCallCounts = ({ nowMs, resolve, putCounts }: Ports): CallCounts => {
  const pages = new Map<string, Page[]>()
  const settling = new Map<string, Page>()

  /** Makes room for a version's pages of an hour, and forgets hours that are over and in the table. */
  const newPages = (newKey: string): Page[] => {
    const hourStartMs = Math.floor(nowMs() / hourMs) * hourMs
    for (const [key, known] of pages)
      if (known.every((page) => page.hourStartMs < hourStartMs && !page.isBehind)) pages.delete(key)
    const made: Page[] = []
    pages.set(newKey, made)
    return made
  }

  let last: Page | undefined

  /** The page of the last call, where it is this one's too: nearly always. */
  const pageOf = (model: string, version: number, consumerId: string): Page => {
    const hourStartMs = Math.floor(nowMs() / hourMs) * hourMs
    const isLast = last?.model === model && last.version === version && last.hourStartMs === hourStartMs
    if (last && isLast && last.by.has(consumerId)) return last
    last = findPage(model, version, consumerId, hourStartMs)
    return last
  }

  const findPage = (model: string, version: number, consumerId: string, hourStartMs: number): Page => {
    const key = pageKey(model, version, hourStartMs)
    const known = pages.get(key) ?? newPages(key)
    const found = known.find(({ by }) => by.has(consumerId)) ?? known.find(({ by }) => by.size < consumersPerPage)
    if (found) return found
    const at = { model, version, hourStartMs, page: known.length }
    const page: Page = { ...at, by: new Map(), putAtMs: Number.NEGATIVE_INFINITY, isBehind: false, isAhead: false }
    known.push(page)
    return page
  }

  /** Puts a page; `ahead`: with the counts of a consumer whose call has not been charged yet. */
  const put = async (page: Page, ahead?: Readonly<Record<string, Counts>>): Promise<void> => {
    const { model, version, hourStartMs } = page
    // Set first: a table that does not answer is not asked again by the next call.
    page.putAtMs = nowMs()
    const by = { ...Object.fromEntries(page.by), ...ahead }
    const outcome = await putCounts({ model, version, hourStartMs, page: page.page, by })
    page.isBehind = outcome === 'failed' || ahead !== undefined
    page.isAhead = ahead !== undefined
  }

  const isDue = ({ putAtMs }: Page): boolean => nowMs() - putAtMs >= putEveryMs

  const lateBut = (own: Page): readonly Page[] => {
    const found: Page[] = []
    for (const known of pages.values())
      for (const page of known) if (page !== own && page.isBehind && isDue(page)) found.push(page)
    return found
  }

  const withCall = (page: Page, consumerId: string, ended: Ended): Tally => {
    const tally = tallyFrom(page.by.get(consumerId) ?? noCounts)
    addCall(tally, ended)
    return tally
  }

  /** The puts that are due beside the settling of a call; undefined where none is, which is so for nearly all calls. */
  const putsBeside = (own: Page, consumerId: string, usage: Usage): Promise<unknown> | undefined => {
    // The last call of an environment is counted too, as far as its time is known: what settling takes comes with the next put.
    const others = lateBut(own)
    if (others.length === 0 && !isDue(own)) return undefined
    const { rows, cold, durationMs, spent = nothingSpent } = usage
    const ended = { atMs: nowMs(), durationMs, outcome: { kind: 'ok', rows, cold, ...spent } } as const
    const putOwn = isDue(own) ? put(own, { [consumerId]: withCall(own, consumerId, ended) }) : undefined
    return Promise.all([putOwn, ...others.slice(0, mostLatePuts).map((page) => put(page))])
  }

  const settle: CallCounts['settle'] =
    (inner) =>
    async (admission, usage, ...more) => {
      const { consumerId } = admission.principal
      const page = pageOf(usage.model, usage.version, consumerId)
      settling.set(usage.requestId, page)
      const puts = putsBeside(page, consumerId, usage)
      if (!puts) return await inner(admission, usage, ...more)
      try {
        return await inner(admission, usage, ...more)
      } finally {
        await puts
      }
    }

  const keep = (page: Page, consumerId: string, ended: Ended): void => {
    const tally = page.by.get(consumerId)
    if (tally) addCall(tally, ended)
    else page.by.set(consumerId, withCall(page, consumerId, ended))
    page.isBehind = true
  }

  /** The page of a call that failed; undefined where it named no version that is there. */
  const pageOfFailed = async ({ principal, reference, requestId }: Call): Promise<Page | undefined> => {
    const begun = settling.get(requestId)
    if (begun) return begun
    try {
      // Known since the call itself asked: no read.
      const { version } = await resolve(reference)
      return pageOf(version.model, version.number, principal.consumerId)
    } catch {
      return undefined
    }
  }

  const countFailed = async (call: Call, durationMs: number, thrown: unknown): Promise<void> => {
    const code = thrown instanceof PercallError ? thrown.code : 'INTERNAL'
    // Passed on to the large function, whose environment counts it.
    if (unresolved.has(code) || thrown instanceof NeedsLarge) return
    const page = await pageOfFailed(call)
    if (!page) return
    keep(page, call.principal.consumerId, { atMs: nowMs(), durationMs, outcome: { kind: 'failed', code } })
    if (page.isAhead || isDue(page)) await put(page)
  }

  const answer: CallCounts['answer'] = (inner) => async (call) => {
    const beganAtMs = nowMs()
    try {
      const answered = await inner(call.settle ? { ...call, settle: settle(call.settle) } : call)
      const { version, cold, timings, rows } = answered
      const page = settling.get(call.requestId) ?? pageOf(version.model, version.number, call.principal.consumerId)
      const spent = { parseMs: timings.parse, queueMs: timings.load, inferMs: timings.infer }
      const outcome = { kind: 'ok', rows, cold, ...spent } as const
      keep(page, call.principal.consumerId, { atMs: nowMs(), durationMs: timings.total, outcome })
      return answered
    } catch (thrown) {
      await countFailed(call, nowMs() - beganAtMs, thrown)
      throw thrown
    } finally {
      settling.delete(call.requestId)
    }
  }

  return {
    settle,
    answer,
    flush: async () => {
      const behind = [...pages.values()].flat().filter(({ isBehind }) => isBehind)
      await Promise.all(behind.map((page) => put(page)))
    },
  }
}

const nothingSpent = { parseMs: 0, queueMs: 0, inferMs: 0 }

// They name no version of the caller's, and resolving once more would read once more.
const unresolved: ReadonlySet<string> = new Set(['NOT_GRANTED', 'UNKNOWN_MODEL', 'UNKNOWN_ALIAS', 'UNKNOWN_VERSION'])
