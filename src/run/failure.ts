import { type ErrorCode, errorTable, PercallError } from '../errors.ts'
import { bounded } from '../problem-body.ts'
import type { RunStep } from './run.ts'

/** What a Catch of a machine knows. `cause` is the JSON that Lambda makes of a thrown error, or another text. */
export type Caught<Step extends string = RunStep> = {
  readonly step: Step
  readonly error: string
  readonly cause: string
}

/** How a run or a registration failed. */
export type Failure<Step extends string = RunStep> = {
  readonly code: ErrorCode
  readonly cause: string
  readonly step: Step
}

const isCode = (text: string): text is ErrorCode => Object.hasOwn(errorTable, text)

/**
 * Lambda keeps an error's name and message only: the code leads the message. It is bounded: a machine that is given more than
 * 256 KB ends, and no state of it can say why. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const thrownByStep = (thrown: unknown): unknown => {
  if (!(thrown instanceof PercallError)) return thrown
  const error = new Error(`${thrown.code}: ${bounded(thrown.message)}`, { cause: thrown })
  error.name = 'PercallError'
  return error
}

/** A refusal of another function, by the name and message that Lambda keeps; undefined for any other error. */
export const refusalOf = (error: string, message: string): PercallError | undefined => {
  const [code, text] = /^([A-Z_]+): (.*)$/s.exec(message)?.slice(1) ?? []
  return error === 'PercallError' && code !== undefined && isCode(code) ? new PercallError(code, text ?? '') : undefined
}

/** A failure in one sentence: a refusal as it was thrown, anything else by its name without its stack. */
export const failureOf = <Step extends string>({ step, error, cause }: Caught<Step>): Failure<Step> => {
  const refusal = refusalOf(error, errorMessage(cause))
  if (refusal) return { code: refusal.code, cause: refusal.message, step }
  return { code: 'INTERNAL', cause: `step ${step} failed by a fault of the service (${error})`, step }
}

/** Read from the text, not parsed: the machine cuts a long cause, and the message comes before the trace. */
const errorMessage = (cause: string): string => {
  const found = /"errorMessage":\s*"((?:[^"\\]|\\.)*)/.exec(cause)?.[1]
  return found === undefined ? '' : JSON.parse(`"${found}"`)
}

const endings: Readonly<Record<string, string>> = {
  ABORTED: 'was stopped',
  TIMED_OUT: 'ran out of time',
  FAILED: 'ended',
}

/** The failure of a run or registration whose execution ended without a state that could say why. */
export const endedFailure = <Step extends string>(step: Step, status: string, what = 'run'): Failure<Step> => ({
  code: 'INTERNAL',
  cause: `the execution ${endings[status] ?? 'ended'} at step ${step} before the ${what} did`,
  step,
})
