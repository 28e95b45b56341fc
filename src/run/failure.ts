import { type ErrorCode, errorTable, PercallError } from '../errors.ts'
import type { Run, RunStep } from './run.ts'

/** What a Catch of the machine knows. `cause` is the JSON that Lambda makes of a thrown error, or another text. */
export type Caught = { readonly step: RunStep; readonly error: string; readonly cause: string }

type Failure = NonNullable<Run['failure']>

const isCode = (text: string): text is ErrorCode => Object.hasOwn(errorTable, text)

/** Lambda keeps an error's name and message only: the code leads the message. */
export const thrownByStep = (thrown: unknown): unknown => {
  if (!(thrown instanceof PercallError)) return thrown
  const error = new Error(`${thrown.code}: ${thrown.message}`, { cause: thrown })
  error.name = 'PercallError'
  return error
}

/** The failure of a run in one sentence: a refusal as it was thrown, anything else by its name without its stack. */
export const failureOf = ({ step, error, cause }: Caught): Failure => {
  const [code, text] = /^([A-Z_]+): (.*)$/s.exec(errorMessage(cause))?.slice(1) ?? []
  if (error === 'PercallError' && code !== undefined && isCode(code)) return { code, cause: text ?? '', step }
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

/** The failure of a run whose execution ended without a state that could say why. */
export const endedFailure = (step: RunStep, status: string): Failure => ({
  code: 'INTERNAL',
  cause: `the execution ${endings[status] ?? 'ended'} at step ${step} before the run did`,
  step,
})
