/** A Task: evaluates Arguments, calls the integration with the machine's role, and ends it at TimeoutSeconds. */
import { region } from '../service.ts'
import { race } from '../sleep.ts'
import type { TaskState } from './definition.ts'
import { evaluate, type Json } from './expression.ts'
import { integrationOf, type Members } from './integrations.ts'
import { withinDataLimit } from './limits.ts'
import { type Found, record, type Visit } from './run.ts'
import { StateError, toStateError } from './state-error.ts'

export const runTask = async (visit: Visit<TaskState>): Promise<Found> => {
  const { run, thread, state, input, context, variables } = visit
  const states = { input, context }
  const given = state.Arguments === undefined ? input : await evaluate(state.Arguments, states, variables)
  const parameters = withinDataLimit(`the arguments of state ${visit.name}`, given)
  const timeoutS =
    state.TimeoutSeconds === undefined ? undefined : await evaluate(state.TimeoutSeconds, states, variables)
  const { resourceType, resource, call } = integrationOf(state.Resource)
  const what = { resourceType, resource }
  record(run, thread, 'TaskScheduled', {
    ...what,
    region,
    parameters: JSON.stringify(parameters),
    ...(timeoutS === undefined ? {} : { timeoutInSeconds: timeoutS }),
  })
  record(run, thread, 'TaskStarted', what)
  const timer = new AbortController()
  const limit = AbortSignal.any([thread.signal, timer.signal])
  if (typeof timeoutS === 'number') {
    run
      .sleep(timeoutS * 1000, limit)
      .then(() => timer.abort(new StateError('States.Timeout', '')))
      .catch(() => undefined) // the task ended first
  }
  try {
    const answer = await race(call(run.integrations, parameters as Members, run.callOf(limit, visit.statePath)), limit)
    // The answer of a service, as the JSON that a state can hold: undefined members go, dates become text.
    const result = withinDataLimit(
      `the result of state ${visit.name}`,
      JSON.parse(JSON.stringify(answer ?? {})) as Json,
    )
    record(run, thread, 'TaskSucceeded', {
      ...what,
      output: JSON.stringify(result),
      outputDetails: { truncated: false },
    })
    return { result, next: state.Next, templates: state, states: { result } }
  } catch (thrown) {
    thread.signal.throwIfAborted()
    const error = toStateError(thrown)
    const type = error.name === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed'
    record(run, thread, type, { ...what, error: error.name, cause: error.message })
    throw error
  } finally {
    timer.abort()
  }
}
