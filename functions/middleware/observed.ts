import type { Context } from 'aws-lambda'
import { PercallError } from '../../src/errors.ts'
import { causeOf } from './cause.ts'
import { type Facts, type Figures, type Line, telemetry } from './telemetry.ts'
import { trace } from './trace.ts'

const msPerSecond = 1000
const firstServerFault = 500

export type Invocation = Pick<Context, 'getRemainingTimeInMillis'> & Partial<Pick<Context, 'awsRequestId'>>

type Work<Event, Answer> = (event: Event, context: Invocation) => Promise<Answer>

type Ended = {
  readonly facts: Facts
  readonly figures: Figures
  readonly durationMs: number
  readonly cold: boolean
  readonly thrown?: unknown
}

const lineOf = (ended: Ended): Line => {
  const failed = 'thrown' in ended
  const { thrown } = ended
  const code = thrown instanceof PercallError ? thrown.code : undefined
  // A refusal's message may quote its caller's values; its code does not.
  const isFault = failed && !(thrown instanceof PercallError && thrown.status < firstServerFault)
  return {
    level: isFault ? 'ERROR' : 'INFO',
    message: 'event',
    facts: {
      ...ended.facts,
      durationMs: Math.round(ended.durationMs),
      ...(code && { code }),
      ...(isFault && causeOf(thrown)),
    },
    figures: {
      ...ended.figures,
      'faas.invoke_duration': ended.durationMs / msPerSecond,
      ...(ended.cold && { 'faas.coldstarts': 1 }),
      ...(isFault && { 'faas.errors': 1 }),
    },
    errorType: failed ? (code ?? 'INTERNAL') : undefined,
  }
}

/**
 * A handler of events that writes one line an event, with its metrics; `service` is the function's name. `factsOf` says
 * what a line tells of an event, and of its answer where there is one: ids, keys and small numbers, no caller's values;
 * `figuresOf` its metrics besides.
 */
export const observed = <Event, Answer>(
  service: string,
  work: Work<Event, Answer>,
  factsOf: (event: Event, answer?: Answer) => Facts = () => ({}),
  figuresOf: (answer: Answer) => Figures = () => ({}),
): Work<Event, Answer> => {
  const { write, isCold } = telemetry(service)
  return async (event, context) => {
    const beganAtMs = performance.now()
    const end = async (more: { readonly answer?: Answer; readonly thrown?: unknown }): Promise<void> => {
      const { answer, ...failure } = more
      const facts = { invocationId: context.awsRequestId, ...factsOf(event, answer) }
      const durationMs = performance.now() - beganAtMs
      const figures = 'answer' in more ? figuresOf(more.answer as Answer) : {}
      const line = lineOf({ facts, figures, durationMs, cold: isCold(), ...failure })
      write(line)
      await trace(service, line, durationMs)
    }
    let answer: Answer
    try {
      answer = await work(event, context)
    } catch (thrown) {
      await end({ thrown })
      throw thrown
    }
    await end({ answer })
    return answer
  }
}
