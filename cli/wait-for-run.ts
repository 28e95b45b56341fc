import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, type Client } from '../client/client.ts'
import { getRun, type RunBody } from '../client/training.ts'
import { note } from './context.ts'
import { Failure } from './failure.ts'
import { showProgress } from './progress.ts'
import { outcomeText } from './run-text.ts'

const pollMs = 250
// How long an environment of predict keeps what an alias points to; docs/training.md says so.
const aliasCachedMs = 10_000
const firstVersion = 1
const msPerSecond = 1000
const open: readonly RunBody['state'][] = ['queued', 'running']

/** Asks for a run until it has ended; `onChange` sees every state that differs from the one before. */
const followRun = async (client: Client, id: string, onChange: (run: RunBody) => void): Promise<RunBody> => {
  let before = ''
  for (;;) {
    const run = await getRun(client, id)
    const { state, step, progress } = run
    const now = JSON.stringify({ state, step, progress })
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
  const run = await followRun(client, id, progress.show).finally(progress.end)
  await onEnd?.()
  if (run.state !== 'succeeded') {
    const hint =
      run.state === 'rejected'
        ? 'more rows, other columns or a longer --budget may help; --gate none lets any version pass'
        : `percall runs ${id} shows all of it`
    throw new Failure(`RUN_${run.state.toUpperCase()}`, `run ${id} ${run.state} ${outcomeText(run)}`.trimEnd(), hint)
  }
  if (promoted) {
    await untilCachesEnd(run)
    await untilReady(client, run.model)
  }
  return run
}
