/**
 * The order of the states of a training run, in the Amazon States Language with JSONata.
 * Each state is one function; the names and keys are those of docs/architecture.md.
 */

/** What a state gets from the machine's variables, and which of its answer's members become variables. */
type RunState = { readonly name: string; readonly takes: readonly string[]; readonly gives: readonly string[] }

const states: readonly RunState[] = [
  { name: 'inspect', takes: [], gives: ['profileKey'] },
  { name: 'plan', takes: ['profileKey'], gives: ['specKey', 'trialId'] },
  { name: 'prepare', takes: ['profileKey', 'specKey'], gives: ['dataKey'] },
  {
    name: 'fit',
    takes: ['trialId', 'dataKey', 'specKey', 'checkpointKey'],
    gives: ['status', 'checkpointKey', 'modelKey'],
  },
  { name: 'export', takes: ['profileKey', 'specKey', 'dataKey', 'modelKey'], gives: ['onnxKey', 'manifestKey'] },
  { name: 'evaluate', takes: ['specKey', 'dataKey', 'modelKey', 'onnxKey', 'manifestKey'], gives: ['metricsKey'] },
  {
    name: 'gate',
    takes: ['specKey', 'dataKey', 'modelKey', 'onnxKey', 'manifestKey', 'metricsKey'],
    gives: ['verdict'],
  },
  { name: 'register', takes: ['specKey', 'onnxKey', 'manifestKey', 'metricsKey'], gives: ['version'] },
  { name: 'promote', takes: ['version'], gives: ['promoted'] },
]

/** The functions that a run needs, in order. */
export const runStates: readonly string[] = [...states.map(({ name }) => name), 'fail']

/** A run lives as long as its function attempts may; the largest is fit's checkpoint loop. */
const runTimeoutSeconds = 24 * 60 * 60
const longestCause = 4000

// PercallErrors are the caller's to mend; what else fails may be passing.
// https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
const retry = [
  { ErrorEquals: ['PercallError'], MaxAttempts: 0 },
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: 'FULL' },
]

const expression = (text: string): string => `{% ${text} %}`
const title = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const task = (
  functionArn: string,
  { name, takes, gives }: RunState,
  next: string,
): Readonly<Record<string, unknown>> => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: {
    FunctionName: functionArn,
    Payload: Object.fromEntries(['runId', 'attempt', ...takes].map((key) => [key, expression(`$${key}`)])),
  },
  Retry: retry,
  Catch: [
    {
      ErrorEquals: ['States.ALL'],
      Assign: {
        failure: {
          step: name,
          error: expression('$states.errorOutput.Error'),
          cause: expression(`$substring($string($states.errorOutput.Cause), 0, ${longestCause})`),
        },
      },
      Next: 'Fail',
    },
  ],
  // A member that a state leaves out keeps the variable as it was; fit answers modelKey only when it is done.
  Assign: Object.fromEntries(
    gives.map((key) => [
      key,
      expression(`$exists($states.result.Payload.${key}) ? $states.result.Payload.${key} : null`),
    ]),
  ),
  Output: {},
  Next: next,
})

/** The definition, with the ARN of each state's function. */
export const runDefinition = (arnOf: (state: string) => string): Readonly<Record<string, unknown>> => {
  const after: Readonly<Record<string, string>> = { fit: 'Fitted', gate: 'Passed' }
  const tasks = states.map((state, index) => {
    const following = states[index + 1]
    const next = after[state.name] ?? (following ? title(following.name) : 'Done')
    return [title(state.name), task(arnOf(state.name), state, next)] as const
  })
  return {
    Comment: 'A training run: from a dataset to a gated version',
    QueryLanguage: 'JSONata',
    TimeoutSeconds: runTimeoutSeconds,
    StartAt: 'Begin',
    States: {
      Begin: {
        Type: 'Pass',
        Assign: {
          runId: expression('$states.input.runId'),
          attempt: expression('$states.input.attempt'),
          checkpointKey: null,
        },
        Next: 'Inspect',
      },
      ...Object.fromEntries(tasks),
      Fitted: {
        Type: 'Choice',
        Choices: [{ Condition: expression("$status = 'continue'"), Next: 'Fit' }],
        Default: 'Export',
      },
      Passed: {
        Type: 'Choice',
        Choices: [{ Condition: expression("$verdict = 'passed'"), Next: 'Register' }],
        Default: 'Done',
      },
      Done: { Type: 'Succeed' },
      Fail: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: {
          FunctionName: arnOf('fail'),
          Payload: {
            runId: expression('$runId'),
            attempt: expression('$attempt'),
            failure: expression('$failure'),
          },
        },
        Retry: retry,
        Next: 'Failed',
      },
      Failed: {
        Type: 'Fail',
        Error: expression('$failure.error'),
        Cause: expression("$failure.step & ': ' & $failure.cause"),
      },
    },
  }
}
