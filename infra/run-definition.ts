/**
 * The order of the states of a training run, in the Amazon States Language with JSONata.
 * Each state is one function; the names and keys are those of docs/architecture.md.
 */

import { engineStates, enter, type JobTargets } from './engine-states.ts'

/** What a state gets from the machine's variables, and which of its answer's members become variables. */
type RunState = { readonly name: string; readonly takes: readonly string[]; readonly gives: readonly string[] }

const round = ['rung', 'itemsKey', 'map', 'trialIds']

const states: readonly RunState[] = [
  { name: 'inspect', takes: [], gives: ['profileKey'] },
  { name: 'plan', takes: ['profileKey'], gives: ['specKey', 'engine', 'job', 'optimise', 'rungs', ...round] },
  { name: 'prepare', takes: ['profileKey', 'specKey'], gives: ['dataKey'] },
  // Here the trials of a round: trialStates below.
  { name: 'halve', takes: ['rung', 'itemsKey', 'specKey'], gives: round },
  { name: 'choose', takes: ['rung', 'itemsKey', 'specKey', 'dataKey'], gives: ['choiceKey'] },
  {
    name: 'refit',
    takes: ['choiceKey', 'dataKey', 'specKey', 'checkpointKey'],
    gives: ['status', 'checkpointKey', 'modelKey'],
  },
  { name: 'export', takes: ['profileKey', 'specKey', 'dataKey', 'modelKey'], gives: ['onnxKey', 'manifestKey'] },
  {
    name: 'optimise',
    takes: ['specKey', 'dataKey', 'modelKey', 'onnxKey', 'manifestKey'],
    gives: ['onnxKey', 'variantsKey'],
  },
  {
    name: 'evaluate',
    takes: ['specKey', 'dataKey', 'modelKey', 'onnxKey', 'manifestKey', 'variantsKey'],
    gives: ['metricsKey'],
  },
  {
    name: 'gate',
    takes: ['specKey', 'dataKey', 'modelKey', 'onnxKey', 'manifestKey', 'metricsKey'],
    gives: ['verdict'],
  },
  { name: 'register', takes: ['specKey', 'onnxKey', 'manifestKey', 'metricsKey', 'variantsKey'], gives: ['version'] },
  { name: 'promote', takes: ['version'], gives: ['promoted'] },
]

/** The states of one trial: its fit in a loop of checkpoints, its score, or why it has none. */
const trialStates = ['fit', 'score', 'abandon'] as const

/** The functions that a run needs, in order. */
export const runStates: readonly string[] = states
  .map(({ name }) => name)
  .toSpliced(
    states.findIndex(({ name }) => name === 'halve'),
    0,
    ...trialStates,
  )
  .concat('fail')

/** Reads what a job left; there is one only where jobs are. */
export const answerState = 'answer'

/** A run lives as long as its function attempts may; the largest are the checkpoint loops. */
const runTimeoutSeconds = 24 * 60 * 60
const longestCause = 4000
/** Fewer than half of the ten environments that a new account has: callers of :predict come first. src/run/trials/rounds.ts counts on it. */
const trialsAtOnce = 4

// PercallErrors are the caller's to mend; what else fails may be passing.
// https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
const retry = [
  { ErrorEquals: ['PercallError'], MaxAttempts: 0 },
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: 'FULL' },
]

type ArnOf = (state: string) => string

const expression = (text: string): string => `{% ${text} %}`
const title = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const failureAt = (step: string) => ({
  step,
  error: expression('$states.errorOutput.Error'),
  cause: expression(`$substring($string($states.errorOutput.Cause), 0, ${longestCause})`),
})

const toFail = (step: string) => [{ ErrorEquals: ['States.ALL'], Assign: { failure: failureAt(step) }, Next: 'Fail' }]

const invoke = (FunctionName: string, Payload: unknown) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName, Payload },
  Retry: retry,
})

const task = (functionArn: string, { name, takes, gives }: RunState, next: string) => ({
  ...invoke(functionArn, Object.fromEntries(['runId', 'attempt', ...takes].map((key) => [key, expression(`$${key}`)]))),
  Catch: toFail(name),
  // A member that a state leaves out keeps no value; refit answers modelKey only when it is done.
  Assign: Object.fromEntries(
    gives.map((key) => [
      key,
      expression(`$exists($states.result.Payload.${key}) ? $states.result.Payload.${key} : null`),
    ]),
  ),
  Output: {},
  Next: next,
})

const input = expression('$states.input')

/** One trial of a round. A distributed Map's iterations see no variables, so all that they need is their input. */
const processor = (arnOf: ArnOf, mode: object, suffix: string, targets: JobTargets | undefined) => {
  const [fit, fitted, score, abandon, ended] = ['Fit', 'Fitted', 'Score', 'Abandon', 'Ended'].map((n) => n + suffix)
  const abandoned = (step: string) => [
    {
      ErrorEquals: ['States.ALL'],
      Output: {
        ...Object.fromEntries(
          ['runId', 'attempt', 'rung', 'trialId', 'specKey'].map((key) => [key, expression(`$states.input.${key}`)]),
        ),
        failure: failureAt(step),
      },
      Next: abandon,
    },
  ]
  return {
    ProcessorConfig: mode,
    StartAt: enter(targets, fit!, 'fit'),
    States: {
      ...engineStates(targets, {
        title: fit!,
        step: 'fit',
        from: '$states.input.',
        takes: ['trialId', 'rung', 'itemsKey', 'specKey', 'dataKey', 'checkpointKey'],
        caught: { Catch: abandoned('fit') },
        answer: (event) => ({ ...invoke(arnOf(answerState), event), Catch: abandoned('fit'), Output: {}, End: true }),
      }),
      [fit!]: {
        ...invoke(arnOf('fit'), input),
        Catch: abandoned('fit'),
        Output: expression('$merge([$states.input, $states.result.Payload])'),
        Next: fitted,
      },
      [fitted!]: {
        Type: 'Choice',
        Choices: [
          { Condition: expression("$states.input.status = 'continue'"), Next: fit },
          { Condition: expression("$states.input.status = 'done'"), Next: score },
        ],
        Default: ended,
      },
      // The Map's result is all of these together: 256 KB at most.
      [score!]: { ...invoke(arnOf('score'), input), Catch: abandoned('score'), Output: {}, End: true },
      [abandon!]: { ...invoke(arnOf('abandon'), input), Output: {}, End: true },
      [ended!]: { Type: 'Pass', Output: {}, End: true },
    },
  }
}

const trialInput = (targets: JobTargets | undefined) => ({
  ...Object.fromEntries(
    ['runId', 'attempt', 'rung', 'specKey', 'dataKey', 'itemsKey', ...(targets ? ['engine', 'job'] : [])].map((key) => [
      key,
      expression(`$${key}`),
    ]),
  ),
  trialId: expression('$states.context.Map.Item.Value'),
  checkpointKey: null,
})

/** The trials of a round, side by side: few in this execution, many in executions of their own. */
const maps = (arnOf: ArnOf, bucket: string, targets: JobTargets | undefined) => {
  const common = {
    Type: 'Map',
    ItemSelector: trialInput(targets),
    MaxConcurrency: trialsAtOnce,
    Catch: toFail('fit'),
    Output: {},
    Next: 'Tried',
  }
  return {
    Trials: {
      Type: 'Choice',
      Choices: [{ Condition: expression("$map = 'distributed'"), Next: 'ManyTrials' }],
      Default: 'FewTrials',
    },
    FewTrials: {
      ...common,
      Items: expression('$trialIds'),
      ItemProcessor: processor(arnOf, { Mode: 'INLINE' }, '', targets),
    },
    ManyTrials: {
      ...common,
      Label: 'Trials',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Arguments: { Bucket: bucket, Key: expression('$itemsKey') },
      },
      ItemProcessor: processor(arnOf, { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, 'OfMany', targets),
    },
    Tried: {
      Type: 'Choice',
      Choices: [{ Condition: expression('$rung + 1 < $rungs'), Next: 'Halve' }],
      Default: enter(targets, 'Choose', 'choose'),
    },
  }
}

/** Where a state goes on other than to the next one of the list. */
const after: Readonly<Record<string, string>> = {
  prepare: 'Trials',
  halve: 'Trials',
  refit: 'Refitted',
  export: 'Exported',
  gate: 'Passed',
}

/** The definition, with the ARN of each state's function, the bucket that lists of trials are in, and where jobs go. */
export const runDefinition = (
  arnOf: ArnOf,
  bucket: string,
  targets?: JobTargets,
): Readonly<Record<string, unknown>> => {
  const tasks = states.flatMap((state, index) => {
    const following = states[index + 1]
    const next = after[state.name] ?? (following ? enter(targets, title(following.name), following.name) : 'Done')
    const done = task(arnOf(state.name), state, next)
    const around = engineStates(targets, {
      title: title(state.name),
      step: state.name,
      from: '$',
      takes: state.takes,
      caught: { Catch: done.Catch },
      answer: (event) => ({ ...done, ...invoke(arnOf(answerState), event) }),
    })
    return [[title(state.name), done] as const, ...Object.entries(around)]
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
          // Of runs that keep their graph as it is.
          variantsKey: null,
        },
        Next: 'Inspect',
      },
      ...Object.fromEntries(tasks),
      ...maps(arnOf, bucket, targets),
      Refitted: {
        Type: 'Choice',
        Choices: [{ Condition: expression("$status = 'continue'"), Next: 'Refit' }],
        Default: enter(targets, 'Export', 'export'),
      },
      Exported: {
        Type: 'Choice',
        // A run that was asked for before there was this choice has none.
        Choices: [
          {
            Condition: expression("$optimise != null and $optimise != 'exact'"),
            Next: enter(targets, 'Optimise', 'optimise'),
          },
        ],
        Default: enter(targets, 'Evaluate', 'evaluate'),
      },
      Passed: {
        Type: 'Choice',
        Choices: [{ Condition: expression("$verdict = 'passed'"), Next: 'Register' }],
        Default: 'Done',
      },
      Done: { Type: 'Succeed' },
      Fail: {
        ...invoke(arnOf('fail'), {
          runId: expression('$runId'),
          attempt: expression('$attempt'),
          failure: expression('$failure'),
        }),
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
