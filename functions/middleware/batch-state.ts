import type { Batch } from '../../src/batch/batch.ts'
import { PercallError } from '../../src/errors.ts'
import { thrownByStep } from '../../src/run/failure.ts'
import { type Invocation, observed } from './observed.ts'
import type { Figures } from './telemetry.ts'

/** What the machine gives every state of a batch. */
export type BatchEvent = { readonly consumerId: string; readonly batchId: string }

type BatchPorts = { readonly requireBatch: (place: { consumerId: string; id: string }) => Promise<Batch> }

const passing: readonly number[] = [500, 503]

/** The machine repeats any error but a PercallError: what may be passing leaves by another name. */
const thrownByState = (thrown: unknown): unknown => {
  if (!(thrown instanceof PercallError && passing.includes(thrown.status))) return thrownByStep(thrown)
  const error = new Error(`${thrown.code}: ${thrown.message}`, { cause: thrown })
  error.name = 'Unavailable'
  return error
}

const factsOf = (state: string, { batchId, consumerId }: BatchEvent, answer: unknown) => ({
  state,
  batchId,
  consumerId,
  ...(answer !== undefined && { answer }),
})

/** One state of a batch: reads the batch, does its work, and writes one line, with `figuresOf` its answer. Errors leave with their code in the message. */
export const batchState = <Event extends BatchEvent, Answer>(
  name: string,
  { requireBatch }: BatchPorts,
  work: (batch: Batch, event: Event) => Promise<Answer>,
  figuresOf: (answer: Answer) => Figures = () => ({}),
) => {
  const run = observed<Event, Answer>(
    `batch-${name}`,
    async (event) => await work(await requireBatch({ consumerId: event.consumerId, id: event.batchId }), event),
    (event, answer) => factsOf(name, event, answer),
    figuresOf,
  )
  return async (event: Event, context: Invocation): Promise<Answer> => {
    try {
      return await run(event, context)
    } catch (thrown) {
      throw thrownByState(thrown)
    }
  }
}
