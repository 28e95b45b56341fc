/** A Parallel: every branch is a thread; the first error ends the others. */
import type { ParallelState } from './definition.ts'
import { evaluate } from './expression.ts'
import { withinDataLimit } from './limits.ts'
import { type Found, innerThread, record, type Visit } from './run.ts'
import { toStateError } from './state-error.ts'

export const runParallel = async (visit: Visit<ParallelState>): Promise<Found> => {
  const { run, thread, state, input, context, variables, statePath } = visit
  const branchInput =
    state.Arguments === undefined ? input : await evaluate(state.Arguments, { input, context }, variables)
  record(run, thread, 'ParallelStateStarted')
  const siblings = new AbortController()
  const threads = state.Branches.map((_, i) => innerThread(thread, `${statePath}b${i}`, siblings.signal))
  try {
    const outputs = await Promise.all(
      state.Branches.map((branch, i) =>
        run.runScope(run, threads[i]!, branch, { input: branchInput, variables, context }),
      ),
    )
    thread.lastEventId = Math.max(...threads.map(({ lastEventId }) => lastEventId))
    const result = withinDataLimit(`the result of state ${visit.name}`, outputs)
    record(run, thread, 'ParallelStateSucceeded')
    return { result, next: state.Next, templates: state, states: { result } }
  } catch (thrown) {
    siblings.abort(thrown)
    thread.signal.throwIfAborted()
    thread.lastEventId = Math.max(...threads.map(({ lastEventId }) => lastEventId))
    record(run, thread, 'ParallelStateFailed')
    throw toStateError(thrown)
  }
}
