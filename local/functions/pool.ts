/**
 * The environments of one function.
 * Does: reuse the warmest first (LIFO), open more up to a cap, then queue in order of arrival, refuse beyond the
 * function's concurrency. Who waits while every environment is at a long call gets another one, up to a larger cap, so
 * that calls that hang hold up nobody else; what is over the cap goes again soon after. Does not: provisioned concurrency.
 */
import { randomUUID } from 'node:crypto'
import { ClosingError } from '../service.ts'
import type { FunctionConfiguration } from './configuration.ts'
import type { Environment, EnvironmentParts, Invocation } from './environment.ts'
import { limits, type Outcome, throttled } from './outcome.ts'

export type Pool = {
  readonly invoke: (invokedArn: string, payload: string, requestId?: string) => Promise<Outcome>
  readonly environments: () => readonly { readonly pid: number; readonly busy: boolean }[]
  readonly close: () => Promise<void>
}

/** `open` starts an environment; see EnvironmentParts for what it is given here. */
export type OpenPooled = (parts: Pick<EnvironmentParts, 'free' | 'gone' | 'initLimitMs' | 'lastTry'>) => Environment

/** After this time without a call an environment over the cap ends. */
const surplusIdleMs = 5_000

export const createPool = (
  {
    open,
    maxEnvironments,
    mostEnvironments,
    longCallMs,
    idleMs,
    initLimitMs,
  }: {
    readonly open: OpenPooled
    readonly maxEnvironments: number
    /** The larger cap, which only calls over `longCallMs` open. */
    readonly mostEnvironments: number
    /** A call over this time is no load that the machine's cores could serve one after the other. */
    readonly longCallMs: number
    readonly idleMs: number
    readonly initLimitMs: number
  },
  { reservedConcurrency, timeoutMs }: FunctionConfiguration,
): Pool => {
  const all = new Set<Environment>()
  const idle: Environment[] = []
  const queue: Invocation[] = []
  const allowed = reservedConcurrency ?? limits.concurrency
  let inFlight = 0
  let closed = false
  let scaling: NodeJS.Timeout | undefined
  /** How many environments the next step opens: doubled from step to step until a call ends. */
  let burst = 1

  /** When every call under way will have taken `longCallMs`; undefined while an environment is free or none is at a call. */
  const longBusyAtMs = (): number | undefined => {
    const sinceMs = [...all].flatMap((environment) => environment.deliveredAtMs() ?? [])
    return idle.length > 0 || sinceMs.length === 0 ? undefined : Math.max(...sinceMs) + longCallMs
  }

  /** Those that initialise have a call each already, so who waits behind them waits for no load either. */
  const scaleOut = (): void => {
    scaling = undefined
    if (closed || queue.length === 0 || all.size >= mostEnvironments) return
    const waitMs = (longBusyAtMs() ?? performance.now() + longCallMs) - performance.now()
    if (waitMs <= 0) {
      for (const waiting of queue.splice(0, Math.min(burst, mostEnvironments - all.size))) start(waiting, false)
      burst *= 2
    }
    scaling = setTimeout(scaleOut, waitMs <= 0 ? longCallMs : waitMs).unref()
  }

  const start = (invocation: Invocation, lastTry: boolean): void => {
    const environment = open({ initLimitMs: lastTry ? timeoutMs : initLimitMs, lastTry, free, gone })
    all.add(environment)
    environment.assign(invocation)
  }

  const dispatch = (invocation: Invocation): void => {
    const warm = idle.pop()
    if (warm) warm.assign(invocation)
    else if (all.size < maxEnvironments) start(invocation, false)
    else {
      queue.push(invocation)
      if (!scaling) scaleOut()
    }
  }

  const free = (environment: Environment): void => {
    burst = 1
    const next = queue.shift()
    if (next) environment.assign(next)
    else idle.push(environment)
  }

  const gone = (environment: Environment, undelivered: Invocation | undefined, slowInit: boolean): void => {
    all.delete(environment)
    const position = idle.indexOf(environment)
    if (position >= 0) idle.splice(position, 1)
    if (closed) return
    // An initialization over its limit is done again within the time of the invocation, and then counts as its timeout.
    if (undelivered && slowInit) start(undelivered, true)
    else if (undelivered) dispatch(undelivered)
    const next = queue.shift()
    if (next) dispatch(next)
  }

  const reap = (): void => {
    const nowMs = Date.now()
    // The first of the list has been idle longest.
    for (const environment of [...idle]) {
      const isSurplus = all.size > maxEnvironments
      if (nowMs - environment.idleSinceMs() > (isSurplus ? Math.min(surplusIdleMs, idleMs) : idleMs)) environment.stop()
    }
  }
  const reaper = setInterval(reap, Math.min(idleMs, surplusIdleMs) / 2).unref()

  return {
    invoke: async (invokedArn, payload, requestId = randomUUID()) => {
      if (closed) throw new ClosingError(`${invokedArn}: the runtime is closing`)
      if (inFlight >= allowed) {
        throw throttled(
          reservedConcurrency === undefined
            ? 'CallerRateLimitExceeded'
            : 'ReservedFunctionConcurrentInvocationLimitExceeded',
        )
      }
      inFlight++
      try {
        return await new Promise<Outcome>((resolve) => dispatch({ requestId, invokedArn, payload, resolve }))
      } finally {
        inFlight--
      }
    },
    environments: () => [...all].map((one) => ({ pid: one.pid, busy: !idle.includes(one) })),
    close: async () => {
      closed = true
      clearInterval(reaper)
      clearTimeout(scaling)
      const open = [...all]
      for (const environment of open) environment.stop()
      await Promise.all(open.map((environment) => environment.exit))
    },
  }
}
