/** What each type of state does, by Type. Output, Assign, Retry and Catch are the scope's. */
import type { ChoiceState, FailState, State, WaitState } from './definition.ts'
import { evaluate, type Json } from './expression.ts'
import { runMap } from './map.ts'
import { runParallel } from './parallel.ts'
import type { Found, Visit } from './run.ts'
import { StateError } from './state-error.ts'
import { runTask } from './task.ts'

type Body<S> = (visit: Visit<S>) => Promise<Found>

const value = (visit: Visit<State>, template: unknown): Promise<Json> =>
  evaluate(template, { input: visit.input, context: visit.context }, visit.variables)

const pass: Body<State> = async ({ input, state }) => ({ result: input, next: state.Next, templates: state })

const choice: Body<ChoiceState> = async (visit) => {
  const { state, input } = visit
  for (const rule of state.Choices) {
    const holds = await value(visit, rule.Condition)
    if (typeof holds !== 'boolean') {
      const cause = `Condition ${rule.Condition}: expected a boolean, got ${JSON.stringify(holds)}`
      throw new StateError('States.QueryEvaluationError', cause)
    }
    if (holds) return { result: input, next: rule.Next, templates: rule }
  }
  if (state.Default === undefined) {
    throw new StateError('States.NoChoiceMatched', `state ${visit.name}: no rule matched, and it has no Default`)
  }
  return { result: input, next: state.Default, templates: state }
}

const wait: Body<WaitState> = async (visit) => {
  const { run, state, statePath, thread } = visit
  const { store, execution, now, sleep } = run
  let untilMs = store.mark(execution.arn, statePath, 'until') as number | undefined
  if (untilMs === undefined) {
    const given = await value(visit, state.Seconds ?? state.Timestamp)
    untilMs = state.Seconds === undefined ? Date.parse(String(given)) : now() + Number(given) * 1000
    const valid =
      state.Seconds === undefined ? typeof given === 'string' : Number.isInteger(given) && Number(given) >= 0
    if (!valid || Number.isNaN(untilMs)) {
      const cause = `state ${visit.name}: expected seconds or an RFC 3339 timestamp, got ${JSON.stringify(given)}`
      throw new StateError('States.QueryEvaluationError', cause)
    }
    thread.signal.throwIfAborted()
    store.setMark(execution.arn, statePath, 'until', untilMs)
  }
  await sleep(Math.max(0, untilMs - now()), thread.signal)
  return { result: visit.input, next: state.Next, templates: state }
}

const fail: Body<FailState> = async (visit) => {
  const { Error: error, Cause: cause } = visit.state
  throw new StateError(
    error === undefined ? '' : String(await value(visit, error)),
    cause === undefined ? '' : String(await value(visit, cause)),
  )
}

const bodies = {
  Pass: pass,
  Succeed: pass,
  Choice: choice,
  Wait: wait,
  Fail: fail,
  Task: runTask,
  Parallel: runParallel,
  Map: runMap,
}

/** The body of a type. A state of that type is what its visit carries: the definition was checked. */
export const bodyOf = (type: State['Type']): Body<State> => bodies[type] as Body<State>
