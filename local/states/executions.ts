/**
 * Starts, runs, stops and resumes executions.
 * Does: one runner an execution, the end in one transaction with its last event, the change of status on the bus.
 */
import { randomUUID } from 'node:crypto'
import type { PutEvent } from '../service.ts'
import { AwsError } from '../service.ts'
import type { Sleep } from '../sleep.ts'
import type { Definition } from './definition.ts'
import { describeExecution, statusEvent } from './descriptions.ts'
import type { ExecutionRow, ExecutionStore, Status } from './execution-store.ts'
import type { Json } from './expression.ts'
import type { Call, IntegrationDependencies, Members } from './integrations.ts'
import type { Machine } from './machine.ts'
import type { Run, Thread } from './run.ts'
import { runScope } from './scope.ts'
import { StateError, toStateError } from './state-error.ts'

type Dependencies = {
  readonly store: ExecutionStore
  readonly now: () => number
  readonly sleep: Sleep
  readonly integrations: IntegrationDependencies
  readonly putEvent: PutEvent
  /** StartExecution for the role of a machine. */
  readonly startChild: (input: Members, caller: Call['caller']) => { executionArn: string; startDate: number }
}

export const createExecutions = (dependencies: Dependencies) => {
  const { store, now, sleep, integrations, putEvent, startChild } = dependencies
  const active = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>()
  let closed = false

  const announce = () => {
    for (const row of store.unannounced()) {
      putEvent(statusEvent(row))
      store.announced(row.arn, row.status)
    }
  }

  const end = (row: ExecutionRow, thread: Thread, status: Status, output: string | null, error: StateError | null) => {
    const failure = error === null ? {} : { error: error.name, cause: error.message }
    const details = status === 'SUCCEEDED' ? { output, outputDetails: { truncated: false } } : failure
    const type = { SUCCEEDED: 'Succeeded', FAILED: 'Failed', TIMED_OUT: 'TimedOut', ABORTED: 'Aborted', RUNNING: '' }
    const ended = store.inTransaction(() => {
      if (!store.finish(row.arn, status, output, error?.name || null, error?.message || null, now())) return false
      store.addEvent(row.arn, thread.lastEventId, now(), `Execution${type[status]}`, details)
      return true
    })
    if (ended) announce()
  }

  const childOf = (run: Run, caller: Call['caller'], signal: AbortSignal, statePath: string): Call['child'] => ({
    start: (input) => {
      const kept = store.mark(run.execution.arn, statePath, 'child')
      if (kept !== undefined) return kept as { executionArn: string; startDate: number }
      const name = input.Name === undefined ? {} : { name: input.Name }
      const text = typeof input.Input === 'string' ? input.Input : JSON.stringify(input.Input ?? {})
      const started = startChild({ stateMachineArn: input.StateMachineArn, ...name, input: text }, caller)
      store.setMark(run.execution.arn, statePath, 'child', started)
      return started
    },
    ended: async (executionArn) => {
      const stop = () => closed || stopNow(executionArn, new StateError('', 'the parent execution ended'))
      signal.addEventListener('abort', stop, { once: true })
      await active.get(executionArn)?.ended
      signal.removeEventListener('abort', stop)
      signal.throwIfAborted()
      return describeExecution(store.find(executionArn)!)
    },
  })

  const go = async (row: ExecutionRow, controller: AbortController): Promise<void> => {
    const definition = JSON.parse(row.definition) as Definition
    const { signal } = controller
    const caller = { kind: 'role', roleArn: row.roleArn } as const
    const run: Run = {
      execution: row,
      store,
      now,
      sleep,
      integrations,
      runScope,
      callOf: (callSignal, statePath) => ({
        caller,
        signal: callSignal,
        child: childOf(run, caller, callSignal, statePath),
      }),
    }
    const thread: Thread = { path: '', signal, recorded: true, lastEventId: 1 }
    const input = JSON.parse(row.input) as Json
    const context = {
      Execution: {
        Id: row.arn,
        Input: input,
        Name: row.name,
        RoleArn: row.roleArn,
        StartTime: new Date(row.startedAtMs).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: { Id: row.machineArn, Name: row.machineArn.slice(row.machineArn.lastIndexOf(':') + 1) },
    }
    if (definition.TimeoutSeconds !== undefined) {
      sleep(row.startedAtMs + definition.TimeoutSeconds * 1000 - now(), signal)
        .then(() => {
          end(row, thread, 'TIMED_OUT', null, new StateError('States.Timeout', ''))
          controller.abort(new Error('timed out'))
        })
        .catch(() => undefined) // it ended in time
    }
    try {
      const output = await runScope(run, thread, definition, { input, variables: {}, context })
      signal.throwIfAborted()
      end(row, thread, 'SUCCEEDED', JSON.stringify(output), null)
    } catch (thrown) {
      if (!signal.aborted) end(row, thread, 'FAILED', null, toStateError(thrown))
    } finally {
      controller.abort(new Error('ended'))
    }
  }

  const launch = (row: ExecutionRow) => {
    const controller = new AbortController()
    // The first state starts after StartExecution was answered.
    const ended = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => (controller.signal.aborted ? undefined : go(row, controller)))
      .finally(() => active.delete(row.arn))
    active.set(row.arn, { controller, ended })
  }

  const stopNow = (arn: string, error: StateError): ExecutionRow => {
    const row = store.find(arn)!
    const [last] = store.events(arn, true, 1, 0)
    const thread = { lastEventId: last?.id ?? 0 } as Thread // the end needs no more of it
    end(row, thread, 'ABORTED', null, error)
    active.get(arn)?.controller.abort(new Error('stopped'))
    return store.find(arn)!
  }

  return {
    /** Creates the execution, or throws ExecutionAlreadyExists; the same name and input while RUNNING is the same start. */
    start: (machine: Machine, name: string = randomUUID(), input = '{}'): ExecutionRow => {
      const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`
      const known = store.find(arn)
      if (known !== undefined) {
        if (known.status === 'RUNNING' && known.input === input) return known
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`)
      }
      const row: ExecutionRow = {
        arn,
        machineArn: machine.arn,
        name,
        input,
        definition: machine.definitionText,
        roleArn: machine.roleArn,
        status: 'RUNNING',
        output: null,
        error: null,
        cause: null,
        startedAtMs: now(),
        stoppedAtMs: null,
      }
      store.inTransaction(() => {
        store.insert(row)
        const details = { input, inputDetails: { truncated: false }, roleArn: machine.roleArn }
        store.addEvent(arn, 0, row.startedAtMs, 'ExecutionStarted', details)
      })
      announce()
      launch(row)
      return row
    },
    stop: stopNow,
    /** Goes on with every RUNNING execution and announces what an earlier process could not. */
    resume: () => {
      announce()
      for (const row of store.running()) if (!active.has(row.arn)) launch(row)
    },
    close: async () => {
      closed = true
      const endings = [...active.values()]
      for (const { controller } of endings) controller.abort(new Error('closed'))
      await Promise.all(endings.map(({ ended }) => ended))
    },
  }
}
