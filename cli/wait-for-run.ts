import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, type Client } from '../client/client.ts'
import { getRun, type RunBody } from '../client/training.ts'
import { Failure } from './failure.ts'
import { showProgress } from './progress.ts'
import { outcomeText } from './run-text.ts'

const pollMs = 250
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

/** Shows a run's progress until its model answers. Throws RUN_FAILED, RUN_REJECTED or RUN_CANCELLED with the reason. */
export const waitForRun = async (
  client: Client,
  id: string,
  { promoted }: { readonly promoted: boolean },
): Promise<RunBody> => {
  const progress = showProgress(process.stderr)
  const run = await followRun(client, id, progress.show).finally(progress.end)
  if (run.state !== 'succeeded') {
    const hint = run.state === 'rejected' ? '--gate none lets any version pass' : `percall runs ${id} shows all of it`
    throw new Failure(`RUN_${run.state.toUpperCase()}`, `run ${id} ${run.state} ${outcomeText(run)}`.trimEnd(), hint)
  }
  if (promoted) await untilReady(client, run.model)
  return run
}
