import type { Context } from 'aws-lambda'
import type { TrainingPorts } from '../../adapters/wiring-training.ts'
import { thrownByStep } from '../../src/run/failure.ts'
import type { Run, RunStep } from '../../src/run/run.ts'

/** What the machine gives every state; the keys of artifacts come besides. */
export type StepEvent = { readonly runId: string; readonly attempt: number }

type Log = (line: string) => void

/** One state of a run: marks the step, does its work, and logs one JSON line. Errors leave with their code in the message. */
export const step =
  <Event extends StepEvent, Answer>(
    name: RunStep,
    { enterStep }: Pick<TrainingPorts, 'enterStep'>,
    work: (event: Event, run: Run, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<Answer>,
    log: Log = console.log,
  ) =>
  async (event: Event, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<Answer> => {
    const beganAtMs = performance.now()
    const { runId, attempt } = event
    const write = (level: 'INFO' | 'ERROR', more: object): void =>
      log(
        JSON.stringify({
          level,
          step: name,
          runId,
          attempt,
          durationMs: Math.round(performance.now() - beganAtMs),
          ...more,
        }),
      )
    try {
      const answer = await work(event, await enterStep(runId, attempt, name), context)
      write('INFO', { answer })
      return answer
    } catch (thrown) {
      write('ERROR', { error: thrown instanceof Error ? thrown.stack : String(thrown) })
      throw thrownByStep(thrown)
    }
  }
