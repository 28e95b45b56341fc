import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, type Client, ConnectionError } from '../client/client.ts'
import { getRun, type RunBody } from '../client/training.ts'
import { engineText } from '../src/run/engine/engine.ts'
import { note } from './context.ts'
import { Failure } from './failure.ts'
import { faultOf } from './fault-of.ts'
import { showProgress } from './progress.ts'
import { outcomeText } from './run-text.ts'

const pollMs = 250
// How long an environment of predict keeps what an alias points to; docs/training.md says so.
const aliasCachedMs = 10_000
const firstVersion = 1
const msPerSecond = 1000
const open: readonly RunBody['state'][] = ['queued', 'running']

const unavailable = 503
// As of any connection that fails.
const unreachableExitCode = 6

/** The run does not end with the service that was asked: its execution is on disk, or on AWS. */
const outOfReach = (thrown: unknown, id: string): unknown => {
  if (!(thrown instanceof ConnectionError || (thrown instanceof ApiError && thrown.status === unavailable)))
    return thrown
  const hint = `once the service is there again (locally: percall start) the run goes on: percall runs ${id} shows how far it is, and the same percall train command, without --fresh, waits for it`
  const message = `run ${id} had not ended when it was last seen, and the service no longer answers: ${thrown.message}`
  return new Failure(thrown.code, message, hint, { exitCode: unreachableExitCode, cause: thrown, fault: 'none' })
}

/** Asks for a run until it has ended; `onChange` sees every state that differs from the one before. */
const followRun = async (client: Client, id: string, onChange: (run: RunBody) => void): Promise<RunBody> => {
  let before = ''
  for (;;) {
    const run = await getRun(client, id).catch((thrown: unknown) => {
      throw outOfReach(thrown, id)
    })
    const { state, step, progress } = run
    const now = JSON.stringify({ state, step, progress, engine: run.engine?.name })
    if (now !== before) onChange(run)
    before = now
    if (!open.includes(state)) return run
    await sleep(pollMs)
  }
}

const untilReady = async ({ request }: Client, model: string): Promise<void> => {
  for (;;) {
    try {
      await request('GET', `/v2/models/${encodeURIComponent(model)}/ready`)
      return
    } catch (error) {
      // The alias may be seconds younger than what an environment of predict remembers.
      if (!(error instanceof ApiError) || error.status !== 404) throw error
      await sleep(pollMs)
    }
  }
}

/** Until no environment of predict answers with the version before. No route tells which version one of them has. */
const untilCachesEnd = async ({ version = firstVersion, promoted, endedAt }: RunBody): Promise<void> => {
  if (!promoted || version <= firstVersion || endedAt === undefined) return
  // A run that was joined may have ended long ago; a clock that is off must not make it longer than the cache.
  const restMs = Math.min(aliasCachedMs, Date.parse(endedAt) + aliasCachedMs - Date.now())
  if (restMs <= 0) return
  note(`waiting ${Math.ceil(restMs / msPerSecond)} s: until then calls of live may still get the version before`)
  await sleep(restMs)
}

/** Shows a run's progress until its model answers. `onEnd` runs however it ended. Throws RUN_FAILED, RUN_REJECTED or RUN_CANCELLED with the reason. */
export const waitForRun = async (
  client: Client,
  id: string,
  { promoted, onEnd }: { readonly promoted: boolean; readonly onEnd?: () => Promise<void> },
): Promise<RunBody> => {
  const progress = showProgress(process.stderr)
  let told = false
  const show = (run: RunBody): void => {
    if (run.engine && !told) {
      told = true
      progress.end()
      note(engineText(run.engine))
    }
    progress.show(run)
  }
  const run = await followRun(client, id, show).finally(progress.end)
  await onEnd?.()
  if (run.state !== 'succeeded') {
    const hint =
      run.state === 'rejected'
        ? 'more rows, other columns or a longer --budget may help; --gate none lets any version pass'
        : `percall runs ${id} shows all of it`
    const message = `run ${id} ${run.state} ${outcomeText(run)}`.trimEnd()
    throw new Failure(`RUN_${run.state.toUpperCase()}`, message, hint, {
      fault: run.failure ? faultOf(run.failure.code) : 'none',
    })
  }
  if (promoted) {
    await untilCachesEnd(run)
    await untilReady(client, run.model)
  }
  return run
}
