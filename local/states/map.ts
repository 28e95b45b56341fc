/**
 * A Map, inline or distributed.
 * Does: concurrency, tolerated failures, batches, reader and writer. Iterations of a distributed Map see no variables
 * of outer scopes, as on AWS. Does not: list those iterations as executions, or redrive.
 */
import { randomUUID } from 'node:crypto'
import type { MapState } from './definition.ts'
import { evaluate, type Json } from './expression.ts'
import { withinDataLimit } from './limits.ts'
import { type Item, mapItems } from './map-items.ts'
import { childRecord, type Iteration, writeResults } from './map-results.ts'
import { type MapRun, openMapRun } from './map-run.ts'
import { type Context, type Found, innerThread, record, type Thread, type Visit } from './run.ts'
import { StateError, toStateError } from './state-error.ts'

/** "An inline Map supports up to 40 concurrent iterations, a distributed one 10,000 child executions" (quotas). */
const mostConcurrent = { inline: 40, distributed: 10_000 }

export const runMap = async (visit: Visit<MapState>): Promise<Found> => {
  const { run, thread, state, statePath } = visit
  const distributed = state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED'
  const { machineArn, roleArn } = run.execution
  const items = await once(visit, 'items', () => mapItems(visit))
  const runId = await once(visit, 'mapRun', async () => randomUUID())
  const label = state.Label ?? visit.name.replace(/\s/g, '')
  const mapRunArn = `${machineArn.replace(':stateMachine:', ':mapRun:')}/${label}:${runId}`
  const number = async (template: unknown) =>
    Number(await evaluate(template, { input: visit.input, context: visit.context }, visit.variables))
  const asked = state.MaxConcurrency === undefined ? 0 : await number(state.MaxConcurrency)
  const most = mostConcurrent[distributed ? 'distributed' : 'inline']
  const concurrency = Math.min(asked === 0 ? most : asked, most, items.length)
  const tolerated = await toleratedOf(state, number)
  const tolerance = distributed ? mostFailures(tolerated, items.length) : 0
  if (distributed) {
    // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    run.integrations.authorize({ kind: 'role', roleArn }, 'states:StartExecution', machineArn)
  }
  record(run, thread, 'MapStateStarted', { length: items.length })
  if (distributed) record(run, thread, 'MapRunStarted', { mapRunArn })
  const itemCount = items.reduce((sum, item) => sum + itemsIn(state, item), 0)
  const about = { arn: mapRunArn, executionArn: run.execution.arn, maxConcurrency: asked, startedAtMs: run.now() }
  const { count: toleratedCount = 0, percentage: toleratedPercentage = 0 } = tolerated
  const mapRun: MapRun | undefined = distributed
    ? openMapRun(run.store, { ...about, toleratedCount, toleratedPercentage }, items.length, itemCount)
    : undefined

  const siblings = new AbortController()
  const iterations: Iteration[] = []
  const threads = new Set<Thread>()
  let failures = 0
  let nextItem = 0
  const iterate = async () => {
    while (nextItem < items.length && !siblings.signal.aborted) {
      const item = items[nextItem++]!
      const inBatch = itemsIn(state, item)
      let begun = false
      const iteration = await once(visit, `i${item.index}`, () => {
        const inner = innerThread(
          thread,
          `${statePath}i${item.index}/`,
          siblings.signal,
          thread.recorded && !distributed,
        )
        threads.add(inner)
        begun = true
        mapRun?.begin(inBatch)
        return runIteration(visit, inner, item, distributed, { runId, machineArn: `${machineArn}/${label}` })
      })
      iterations[item.index] = iteration
      mapRun?.end(iteration.status, inBatch, begun)
      if (iteration.status === 'SUCCEEDED') continue
      failures += 1
      if (failures <= tolerance) continue
      if (!distributed) throw new StateError(iteration.error, iteration.cause)
      const cause = `${failures} of ${items.length} items failed, the last with ${iteration.error}: ${iteration.cause}`
      throw new StateError('States.ExceedToleratedFailureThreshold', cause)
    }
  }
  const ends = () => {
    thread.lastEventId = Math.max(thread.lastEventId, ...[...threads].map(({ lastEventId }) => lastEventId))
  }
  try {
    await Promise.all(Array.from({ length: concurrency }, iterate))
    ends()
    const result = withinDataLimit(
      `the result of state ${visit.name}`,
      await results(visit, iterations, mapRunArn, label),
    )
    mapRun?.stop('SUCCEEDED', run.now())
    if (distributed) record(run, thread, 'MapRunSucceeded')
    record(run, thread, 'MapStateSucceeded')
    return { result, next: state.Next, templates: state, states: { result } }
  } catch (thrown) {
    siblings.abort(thrown)
    mapRun?.stop(thread.signal.aborted ? 'ABORTED' : 'FAILED', run.now())
    thread.signal.throwIfAborted()
    ends()
    const error = toStateError(thrown)
    if (distributed) record(run, thread, 'MapRunFailed', { error: error.name, cause: error.message })
    record(run, thread, 'MapStateFailed')
    throw error
  }
}

const results = async (visit: Visit<MapState>, iterations: readonly Iteration[], mapRunArn: string, label: string) => {
  const { machineArn } = visit.run.execution
  const recordOf = (iteration: Iteration) => childRecord(machineArn, label, iteration)
  if (visit.state.ResultWriter === undefined) {
    return iterations.map((each) => (each.status === 'SUCCEEDED' ? each.output : recordOf(each)))
  }
  const records = iterations.map((each) => ({ status: each.status, record: recordOf(each) }))
  return writeResults(visit, mapRunArn, records)
}

/** What was computed once for this visit, also over restarts. */
const once = async <T>({ run, thread, statePath }: Visit<MapState>, name: string, compute: () => Promise<T>) => {
  const kept = run.store.mark(run.execution.arn, statePath, name)
  if (kept !== undefined) return kept as T
  const value = await compute()
  thread.signal.throwIfAborted()
  run.store.setMark(run.execution.arn, statePath, name, value)
  return value
}

type Tolerated = { readonly count?: number; readonly percentage?: number }

const toleratedOf = async (
  { ToleratedFailureCount: count, ToleratedFailurePercentage: percentage }: MapState,
  number: (template: unknown) => Promise<number>,
): Promise<Tolerated> => ({
  ...(count !== undefined && { count: await number(count) }),
  ...(percentage !== undefined && { percentage: await number(percentage) }),
})

const mostFailures = ({ count, percentage }: Tolerated, length: number): number => {
  if (count === undefined && percentage === undefined) return 0
  const byPercentage = percentage === undefined ? Number.POSITIVE_INFINITY : (length * percentage) / 100
  return Math.min(count ?? Number.POSITIVE_INFINITY, byPercentage)
}

/** The items of one iteration: those of its batch. */
const itemsIn = ({ ItemBatcher }: MapState, { input }: Item): number =>
  ItemBatcher === undefined ? 1 : (input as { Items: readonly Json[] }).Items.length // made by the batcher

const runIteration = async (
  visit: Visit<MapState>,
  inner: Thread,
  item: Item,
  distributed: boolean,
  child: { readonly runId: string; readonly machineArn: string },
): Promise<Iteration> => {
  const { run, name: mapName } = visit
  const startedAtMs = run.now()
  const about = { name: mapName, index: item.index }
  const name = `${child.runId}-${item.index}`
  record(run, inner, 'MapIterationStarted', about)
  const ended = (status: Iteration['status'], output: Json, error: string, cause: string): Iteration => {
    record(run, inner, status === 'SUCCEEDED' ? 'MapIterationSucceeded' : 'MapIterationFailed', about)
    return { status, name, input: item.input, output, error, cause, startedAtMs, stoppedAtMs: run.now() }
  }
  const context: Context = distributed
    ? {
        Execution: {
          Id: `${child.machineArn.replace(':stateMachine:', ':execution:')}:${name}`,
          Input: item.input,
          Name: name,
          RoleArn: run.execution.roleArn,
          StartTime: new Date(startedAtMs).toISOString(),
          RedriveCount: 0,
        },
        StateMachine: { Id: child.machineArn, Name: child.machineArn.slice(child.machineArn.lastIndexOf(':') + 1) },
      }
    : { ...visit.context, Map: { Item: { Index: item.index, Value: item.value } } }
  try {
    withinDataLimit(`item ${item.index}`, item.input)
    const variables = distributed ? {} : visit.variables
    const start = { input: item.input, variables, context }
    return ended('SUCCEEDED', await run.runScope(run, inner, visit.state.ItemProcessor, start), '', '')
  } catch (thrown) {
    inner.signal.throwIfAborted()
    const error = toStateError(thrown)
    return ended('FAILED', null, error.name, error.message)
  }
}
