/**
 * The order of the states of a registration, in the Amazon States Language with JSONata.
 * Each state is one function; the names and members are those of docs/architecture.md.
 */

/** A state: its payload from the machine's variables, and which of its answer's members become variables. */
type RegisterState = {
  readonly name: 'stage' | 'optimise' | 'probe' | 'publish'
  readonly payload: Readonly<Record<string, string>>
  readonly gives: Readonly<Record<string, string>>
}

const answer = '$states.result.Payload'

const staged = { file: `${answer}.file`, digest: `${answer}.digest`, sizeBytes: `${answer}.sizeBytes` }

const states: readonly RegisterState[] = [
  {
    name: 'stage',
    payload: { id: '$id' },
    gives: { ...staged, optimise: `${answer}.optimise` },
  },
  {
    name: 'optimise',
    payload: { id: '$id', file: '$file', digest: '$digest', sizeBytes: '$sizeBytes' },
    gives: { ...staged, changed: `${answer}.changed`, asItIs: `${answer}.asItIs` },
  },
  {
    name: 'probe',
    payload: { key: '$file.key', versionId: '$file.versionId', digest: '$digest', asItIs: '$asItIs' },
    gives: { report: answer },
  },
  {
    name: 'publish',
    payload: { id: '$id', file: '$file', digest: '$digest', sizeBytes: '$sizeBytes', report: '$report' },
    gives: { version: `${answer}.version` },
  },
]

/** The functions of the machine besides the probe. */
export const registerStates = ['stage', 'optimise', 'publish', 'fail'] as const

const registerTimeoutSeconds = 60 * 60
const longestCause = 4000

// PercallErrors are the caller's to mend; what else fails may be passing.
// https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
const retry = [
  { ErrorEquals: ['PercallError'], MaxAttempts: 0 },
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: 'FULL' },
]

const expression = (text: string): string => `{% ${text} %}`
const expressions = (members: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(members).map(([key, text]) => [key, expression(text)]))
const title = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const task = (functionArn: string, { name, payload, gives }: RegisterState, next: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: functionArn, Payload: expressions(payload) },
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
  Assign: expressions(gives),
  Output: {},
  Next: next,
})

/** Where a state goes on other than to the next one of the list. */
const after: Readonly<Record<string, string>> = { stage: 'Staged', optimise: 'Optimised' }

/** The definition, with the ARN of each state's function. */
export const registerDefinition = (
  arnOf: (state: RegisterState['name'] | 'fail') => string,
): Readonly<Record<string, unknown>> => ({
  Comment: 'A registration: from an uploaded file to a version',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: registerTimeoutSeconds,
  StartAt: 'Begin',
  States: {
    Begin: { Type: 'Pass', Assign: { id: expression('$states.input.id'), report: null, asItIs: false }, Next: 'Stage' },
    ...Object.fromEntries(
      states.map((state, i) => {
        const following = states[i + 1]
        const next = after[state.name] ?? (following ? title(following.name) : 'Done')
        return [title(state.name), task(arnOf(state.name), state, next)]
      }),
    ),
    Staged: {
      Type: 'Choice',
      Choices: [{ Condition: expression('$optimise'), Next: 'Optimise' }],
      Default: 'Probe',
    },
    // A graph that stays was probed before.
    Optimised: {
      Type: 'Choice',
      Choices: [{ Condition: expression('$changed'), Next: 'Probe' }],
      Default: 'Publish',
    },
    Done: { Type: 'Succeed' },
    Fail: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: arnOf('fail'), Payload: expressions({ id: '$id', failure: '$failure' }) },
      Retry: retry,
      Next: 'Failed',
    },
    Failed: {
      Type: 'Fail',
      Error: expression('$failure.error'),
      Cause: expression("$failure.step & ': ' & $failure.cause"),
    },
  },
})
