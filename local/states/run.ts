/** What one execution carries through its states. Types, and what every state does: record. */
import type { Sleep } from '../sleep.ts'
import type { Definition } from './definition.ts'
import type { ExecutionRow, ExecutionStore } from './execution-store.ts'
import type { Json, Variables } from './expression.ts'
import type { Call, IntegrationDependencies } from './integrations.ts'
import { historyEvents } from './limits.ts'
import { StateError } from './state-error.ts'

export type Run = {
  readonly execution: ExecutionRow
  readonly store: ExecutionStore
  readonly now: () => number
  readonly sleep: Sleep
  readonly integrations: IntegrationDependencies
  /** Branches and iterations are scopes again. */
  readonly runScope: RunScope
  readonly callOf: (signal: AbortSignal, statePath: string) => Call
}

/** The machine itself, a branch, or an iteration. */
export type Thread = {
  readonly path: string
  readonly signal: AbortSignal
  /** Iterations of a distributed Map are executions of their own: their events are not in this history. */
  readonly recorded: boolean
  lastEventId: number
}

/** One state entered once by one thread. */
export type Visit<S> = {
  readonly run: Run
  readonly thread: Thread
  /** Prefix of everything that is kept until the state is finished. */
  readonly statePath: string
  readonly name: string
  readonly state: S
  readonly input: Json
  readonly variables: Variables
  readonly context: Context
}

/** What a state's body found, before Output and Assign. */
export type Found = {
  readonly result: Json
  readonly next: string | undefined
  readonly templates: { readonly Output?: unknown; readonly Assign?: unknown }
  /** Further members of $states: result or errorOutput. */
  readonly states?: Readonly<Record<string, Json>>
}

/** Runs a scope to its end and answers its output. Throws StateError, or the signal's reason. */
export type RunScope = (
  run: Run,
  thread: Thread,
  definition: Definition,
  start: { readonly input: Json; readonly variables: Variables; readonly context: Context },
) => Promise<Json>

export type Context = { readonly [name: string]: Json }

/** Appends a history event of the thread. Throws the signal's reason once the execution was stopped. */
export const record = (run: Run, thread: Thread, type: string, details: object = {}): void => {
  thread.signal.throwIfAborted()
  if (!thread.recorded) return
  thread.lastEventId = run.store.addEvent(run.execution.arn, thread.lastEventId, run.now(), type, details)
  if (thread.lastEventId >= historyEvents) {
    throw new StateError('States.Runtime', `the execution reached the maximum of ${historyEvents} history events`)
  }
}

/** A thread inside another, which ends with it or with its siblings. */
export const innerThread = (outer: Thread, path: string, siblings: AbortSignal, recorded = outer.recorded): Thread => ({
  path,
  signal: AbortSignal.any([outer.signal, siblings]),
  recorded,
  lastEventId: outer.lastEventId,
})
