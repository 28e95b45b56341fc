import { refusalOf } from '../failure.ts'

/** One state of a run as a job gets it; its other members are the keys of the artifacts that it reads. */
export type JobEvent = {
  readonly runId: string
  readonly attempt: number
  readonly trialId?: string
  readonly rung?: number
}

/** What a job leaves: the state's answer, or the message of the error by which it refused. */
export type JobAnswer = { readonly answer: Readonly<Record<string, unknown>> } | { readonly refusal: string }

export type JobPorts = {
  /** Runs the handler of a state. */
  readonly runState: (state: string, event: JobEvent) => Promise<Readonly<Record<string, unknown>>>
  readonly keep: (name: string, answer: JobAnswer) => Promise<unknown>
}

/** Where a job's answer lies below its run's folder. */
export const jobAnswerPath = (step: string, { attempt, trialId, rung }: JobEvent): string =>
  `jobs/${[step, attempt, ...(trialId === undefined ? [] : [trialId, rung])].join('-')}.json`

/**
 * One job: a state in its loop of checkpoints, as the machine would call its function again and again; a trial's fit is
 * followed by its score. A refusal is an answer; what else is thrown fails the job, which is then tried again.
 */
export const runJob =
  ({ runState, keep }: JobPorts) =>
  async (step: string, event: JobEvent): Promise<void> => {
    const work = async (): Promise<JobAnswer> => {
      let given = event
      for (;;) {
        const answer = await runState(step, given)
        if (answer.status !== 'continue') return await scored({ runState }, step, given, answer)
        given = { ...given, ...answer }
      }
    }
    const answer = await work().catch((thrown: unknown): JobAnswer => {
      if (thrown instanceof Error && refusalOf(thrown.name, thrown.message)) return { refusal: thrown.message }
      throw thrown
    })
    await keep(jobAnswerPath(step, event), answer)
  }

const scored = async (
  { runState }: Pick<JobPorts, 'runState'>,
  step: string,
  event: JobEvent,
  answer: Readonly<Record<string, unknown>>,
): Promise<JobAnswer> => {
  if (step === 'fit' && answer.status === 'done') await runState('score', { ...event, ...answer })
  return { answer }
}

/** The answer that a job left. Throws the refusal that it left instead. */
export const jobAnswer = (left: JobAnswer): Readonly<Record<string, unknown>> => {
  if ('answer' in left) return left.answer
  throw refusalOf('PercallError', left.refusal) ?? new Error(left.refusal)
}
