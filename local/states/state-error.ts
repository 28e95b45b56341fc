/** An error of a state as Retry and Catch see it: `name` is the Error, `message` the Cause. */
export class StateError extends Error {
  constructor(name: string, cause: string) {
    super(cause)
    this.name = name
  }
}

/** Whether an ErrorEquals list names the error. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export const errorEquals = (names: readonly string[], error: StateError): boolean => {
  // "A retry or catch on States.ALL won't catch States.Runtime errors", which always end the execution.
  if (error.name === 'States.Runtime') return false
  if (names.includes(error.name)) return true
  if (names.includes('States.ALL')) return error.name !== 'States.DataLimitExceeded'
  // "States.TaskFailed acts as a wildcard that matches any known error name except for States.Timeout."
  return (
    names.includes('States.TaskFailed') && error.name !== 'States.Timeout' && error.name !== 'States.DataLimitExceeded'
  )
}

/** What was thrown, as an error of a state: anything unexpected is States.Runtime. */
export const toStateError = (thrown: unknown): StateError =>
  thrown instanceof StateError
    ? thrown
    : new StateError('States.Runtime', thrown instanceof Error ? thrown.message : String(thrown))
