/**
 * Events for functions that nobody waits for: kept in SQLite from acceptance to the end, so that kill -9 loses none.
 * Does: two retries, maximum age, destinations, dead letters; an event may run twice after a crash, as on AWS.
 * Does not: SNS and S3 destinations (refused when the configuration is added), recursion detection.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AwsError } from '../service.ts'
import { limits, type Outcome, requestTooLarge } from './outcome.ts'

export type AsyncEvent = {
  readonly id: number
  readonly requestId: string
  readonly functionArn: string
  readonly payload: string
  readonly acceptedAtMs: number
  /** Invocations that have ended so far. */
  readonly attempts: number
  readonly throttles: number
}

export type AsyncSettings = { readonly maximumRetries: number; readonly maximumAgeMs: number }

export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded'

export type AsyncQueue = {
  /** Accepts one event; gives its request id. Throws RequestEntityTooLargeException over 1 MB. */
  readonly accept: (functionArn: string, payload: string) => string
  /** Goes on with what an earlier process accepted. */
  readonly start: () => void
  readonly close: () => void
}

export type AsyncPorts = {
  readonly folder: string
  readonly invoke: (event: AsyncEvent) => Promise<Outcome>
  readonly settingsOf: (functionArn: string) => AsyncSettings
  /** Tells the destinations how an event ended. */
  readonly conclude: (event: AsyncEvent, condition: Condition, outcome: Outcome | undefined) => Promise<void>
  /** Waiting times before the first and the second retry. */
  readonly retryDelaysMs: readonly number[]
  /** Invocations of one function at once; the rest of its environments are left to callers who wait. */
  readonly maxConcurrent: number
  readonly now: () => number
}

// A throttled event waits from 1 second up to 5 minutes, until its maximum age.
const throttleDelayMs = (throttles: number): number => Math.min(1000 * 2 ** throttles, 300_000)

export const openAsyncQueue = (ports: AsyncPorts): AsyncQueue => {
  mkdirSync(ports.folder, { recursive: true })
  const database = new DatabaseSync(join(ports.folder, 'events.sqlite'))
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists event (
      id integer primary key,
      requestId text not null,
      functionArn text not null,
      payload text not null,
      acceptedAtMs integer not null,
      attempts integer not null default 0,
      throttles integer not null default 0,
      dueAtMs integer not null
    );
    create index if not exists event_due on event (functionArn, dueAtMs);
  `)
  const insert = database.prepare(
    'insert into event (requestId, functionArn, payload, acceptedAtMs, dueAtMs) values (?, ?, ?, ?, ?)',
  )
  const remove = database.prepare('delete from event where id = ?')
  const postpone = database.prepare('update event set attempts = ?, throttles = ?, dueAtMs = ? where id = ?')
  const soonest = database.prepare('select * from event where functionArn = ? order by dueAtMs, id limit ?')
  const waitingFunctions = database.prepare('select distinct functionArn from event')

  const running = new Map<string, Set<number>>()
  const timers = new Map<string, NodeJS.Timeout>()
  let closed = false

  const pump = (functionArn: string): void => {
    if (closed) return
    clearTimeout(timers.get(functionArn))
    const mine = running.get(functionArn) ?? new Set()
    running.set(functionArn, mine)
    const rows = soonest.all(functionArn, ports.maxConcurrent + 1) as (AsyncEvent & { dueAtMs: number })[] // as inserted
    for (const row of rows) {
      if (mine.has(row.id)) continue
      const waitMs = row.dueAtMs - ports.now()
      if (waitMs > 0) {
        const timer = setTimeout(() => pump(functionArn), waitMs)
        timers.set(functionArn, timer.unref())
        break
      }
      if (mine.size >= ports.maxConcurrent) break
      mine.add(row.id)
      run(row).finally(() => {
        mine.delete(row.id)
        pump(functionArn)
      })
    }
  }

  const run = async (event: AsyncEvent): Promise<void> => {
    const { maximumAgeMs, maximumRetries } = ports.settingsOf(event.functionArn)
    const isTooOld = (delayMs: number): boolean => ports.now() + delayMs - event.acceptedAtMs > maximumAgeMs
    const end = async (condition: Condition, outcome: Outcome | undefined, attempts: number): Promise<void> => {
      await ports.conclude({ ...event, attempts }, condition, outcome)
      if (!closed) remove.run(event.id)
    }
    if (isTooOld(0)) return end('EventAgeExceeded', undefined, event.attempts)
    let outcome: Outcome
    try {
      outcome = await ports.invoke(event)
    } catch (error) {
      if (closed || !(error instanceof AwsError)) return // the runtime is closing: the row stays for the next start
      const delayMs = throttleDelayMs(event.throttles)
      if (isTooOld(delayMs)) return end('EventAgeExceeded', undefined, event.attempts)
      postpone.run(event.attempts, event.throttles + 1, ports.now() + delayMs, event.id)
      return
    }
    if (closed) return
    const attempts = event.attempts + 1
    if (outcome.kind === 'answer') return end('Success', outcome, attempts)
    if (attempts > maximumRetries) return end('RetriesExhausted', outcome, attempts)
    const delayMs = ports.retryDelaysMs[Math.min(attempts, ports.retryDelaysMs.length) - 1] ?? 0
    if (isTooOld(delayMs)) return end('EventAgeExceeded', outcome, attempts)
    postpone.run(attempts, event.throttles, ports.now() + delayMs, event.id)
  }

  return {
    accept: (functionArn, payload) => {
      if (Buffer.byteLength(payload) > limits.asyncRequestBytes) throw requestTooLarge(limits.asyncRequestBytes)
      const requestId = randomUUID()
      const nowMs = ports.now()
      insert.run(requestId, functionArn, payload, nowMs, nowMs)
      setImmediate(pump, functionArn)
      return requestId
    },
    start: () => {
      for (const row of waitingFunctions.all()) pump(String(row.functionArn))
    },
    close: () => {
      closed = true
      for (const timer of timers.values()) clearTimeout(timer)
      database.close()
    },
  }
}
