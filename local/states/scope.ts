/**
 * Runs the states of one scope (machine, branch, iteration) one after the other.
 * Does: entered and exited events, Retry, Catch, Assign, Output; goes on after the last finished state. A state that
 * was in flight when the computer stopped is run again: at least once, as on AWS.
 */
import { bodyOf } from './bodies.ts'
import type { Catcher, State } from './definition.ts'
import { evaluate, type Json, type Variables } from './expression.ts'
import { assigned, withinDataLimit } from './limits.ts'
import { type Context, type Found, type Run, type RunScope, record, type Thread, type Visit } from './run.ts'
import { errorEquals, type StateError, toStateError } from './state-error.ts'

type Finished = { readonly output: Json; readonly change: Variables; readonly next: string | null }

/** Runs a scope to its end and answers its output. Throws StateError, or the signal's reason. */
export const runScope: RunScope = async (run, thread, definition, start) => {
  const { store, execution } = run
  const kept = store.thread(execution.arn, thread.path)
  let step = kept?.step ?? 0
  let next = kept === undefined ? definition.StartAt : kept.next
  let data: Json = kept === undefined ? start.input : JSON.parse(kept.data)
  let variables: Variables = kept === undefined ? start.variables : JSON.parse(kept.variables)
  if (kept !== undefined) thread.lastEventId = kept.lastEventId
  while (next !== null) {
    const name = next
    const state = definition.States[name]!
    const statePath = `${thread.path}/${step}/`
    const context = { ...start.context, State: enter(run, thread, statePath, name, state, data) }
    const visit: Visit<State> = { run, thread, statePath, name, state, input: data, variables, context }
    const finished = await retried(visit)
    thread.signal.throwIfAborted()
    variables = assigned(variables, finished.change)
    data = finished.output
    next = finished.next
    step += 1
    store.inTransaction(() => {
      const exited = { name, output: JSON.stringify(data), outputDetails: { truncated: false } }
      const details = Object.keys(finished.change).length === 0 ? exited : withAssigned(exited, finished.change)
      record(run, thread, `${state.Type}StateExited`, details)
      store.moveThread(execution.arn, thread.path, statePath, {
        step,
        next,
        data: JSON.stringify(data),
        variables: JSON.stringify(variables),
        lastEventId: thread.lastEventId,
      })
    })
  }
  return data
}

const withAssigned = (exited: object, change: Variables) => ({
  ...exited,
  assignedVariables: Object.fromEntries(Object.entries(change).map(([name, value]) => [name, JSON.stringify(value)])),
  assignedVariablesDetails: { truncated: false },
})

/** Records the entry once, also over restarts, and gives the State member of the context. */
const enter = (run: Run, thread: Thread, statePath: string, name: string, state: State, input: Json) => {
  const { store, execution } = run
  const kept = store.mark(execution.arn, statePath, 'entered') as { atMs: number; eventId: number } | undefined
  const atMs = kept?.atMs ?? run.now()
  if (kept === undefined) {
    store.inTransaction(() => {
      const details = { name, input: JSON.stringify(input), inputDetails: { truncated: false } }
      record(run, thread, `${state.Type}StateEntered`, details)
      store.setMark(execution.arn, statePath, 'entered', { atMs, eventId: thread.lastEventId })
    })
  } else thread.lastEventId = kept.eventId
  return { Name: name, EnteredTime: new Date(atMs).toISOString(), RetryCount: 0 }
}

type Retries = { counts: Record<number, number>; retryCount: number; dueAtMs: number }

const retried = async (visit: Visit<State>): Promise<Finished> => {
  const { run, statePath, thread, state } = visit
  const { store, execution, sleep, now } = run
  const retries = (store.mark(execution.arn, statePath, 'retries') as Retries | undefined) ?? {
    counts: {},
    retryCount: 0,
    dueAtMs: 0,
  }
  for (;;) {
    if (retries.dueAtMs > now()) await sleep(retries.dueAtMs - now(), thread.signal)
    const State = { ...(visit.context.State as Context), RetryCount: retries.retryCount }
    const attempt = { ...visit, context: { ...visit.context, State } }
    try {
      const found = await bodyOf(state.Type)(attempt)
      return await finish(attempt, found)
    } catch (thrown) {
      thread.signal.throwIfAborted()
      const error = toStateError(thrown)
      if (error.name === 'States.QueryEvaluationError') {
        record(run, thread, 'EvaluationFailed', { error: error.name, cause: error.message, state: visit.name })
      }
      const delayMs = nextDelayMs(state, error, retries)
      if (delayMs === undefined) return await caught(attempt, error)
      retries.retryCount += 1
      retries.dueAtMs = now() + delayMs
      store.setMark(execution.arn, statePath, 'retries', retries)
      // Inner scopes start afresh in the next attempt; this state's own marks stay.
      store.dropInner(execution.arn, statePath, ['entered', 'retries'])
    }
  }
}

const finish = async (visit: Visit<State>, found: Found): Promise<Finished> => {
  const states = { input: visit.input, context: visit.context, ...found.states }
  const { Output, Assign } = found.templates
  const output = Output === undefined ? found.result : await evaluate(Output, states, visit.variables)
  const change = Assign === undefined ? {} : ((await evaluate(Assign, states, visit.variables)) as Variables)
  const place = `the output of state ${visit.name}`
  return { output: withinDataLimit(place, output), change, next: found.next ?? null }
}

const caught = async (visit: Visit<State>, error: StateError): Promise<Finished> => {
  const catcher: Catcher | undefined = visit.state.Catch?.find(({ ErrorEquals }) => errorEquals(ErrorEquals, error))
  if (catcher === undefined) throw error
  const errorOutput = { Error: error.name, Cause: error.message }
  return finish(visit, { result: errorOutput, next: catcher.Next, templates: catcher, states: { errorOutput } })
}

// Defaults and rules: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html, Retry.
const defaults = { IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 }

/** The delay before the next attempt, or undefined when no retrier allows one. Counts each retrier by itself. */
const nextDelayMs = (state: State, error: StateError, retries: Retries): number | undefined => {
  const index = (state.Retry ?? []).findIndex(({ ErrorEquals }) => errorEquals(ErrorEquals, error))
  if (index < 0) return undefined
  const { IntervalSeconds, MaxAttempts, BackoffRate, MaxDelaySeconds, JitterStrategy } = {
    ...defaults,
    ...state.Retry![index]!,
  }
  const attempts = retries.counts[index] ?? 0
  if (attempts >= MaxAttempts) return undefined
  retries.counts[index] = attempts + 1
  // interval * backoff^attempts, capped; FULL jitter draws between 0 and that delay.
  const delayS = Math.min(IntervalSeconds * BackoffRate ** attempts, MaxDelaySeconds ?? Number.POSITIVE_INFINITY)
  return delayS * 1000 * (JitterStrategy === 'FULL' ? Math.random() : 1)
}
