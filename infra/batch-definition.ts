/**
 * The order of the states of a batch, in the Amazon States Language with JSONata: split, every shard in a distributed Map, finish.
 * Each state is one function; the names are those of docs/architecture.md. Only keys and small numbers pass.
 */

/** The functions of the machine. */
export const batchStates = ['split', 'shard', 'finish', 'fail'] as const

export type BatchState = (typeof batchStates)[number]

/** Half of the ten environments that a new account has: callers of :predict come first. */
const mostConcurrentShards = 5
/** Less than a batch's deadline (src/ledger/reservation.ts): then its chain may be closed by others. */
const batchTimeoutSeconds = 4 * 60 * 60
const longestCause = 4000

// PercallErrors are the caller's to mend; what else fails may be passing.
// https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
const retry = [
  { ErrorEquals: ['PercallError'], MaxAttempts: 0 },
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: 'FULL' },
]

const expression = (text: string): string => `{% ${text} %}`
const place = { consumerId: expression('$consumerId'), batchId: expression('$batchId') }

const caught = {
  error: expression('$states.errorOutput.Error'),
  cause: expression(`$substring($string($states.errorOutput.Cause), 0, ${longestCause})`),
}

const toFail = (step: string) => [
  { ErrorEquals: ['States.ALL'], Assign: { failure: { step, ...caught } }, Next: 'Fail' },
]

const invoke = (FunctionName: string, Payload: unknown) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName, Payload },
  Retry: retry,
})

/** One shard; one that no attempt could answer is given up, and its rows are listed as failed. */
const processor = (shard: string) => ({
  ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
  StartAt: 'Shard',
  States: {
    Shard: {
      ...invoke(shard, expression('$states.input')),
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Output: {
            consumerId: expression('$states.input.consumerId'),
            batchId: expression('$states.input.batchId'),
            shard: expression('$states.input.shard'),
            failure: caught,
          },
          Next: 'Abandon',
        },
      ],
      // The Map's result is all of these together: 256 KB at most.
      Output: {},
      End: true,
    },
    Abandon: { ...invoke(shard, expression('$states.input')), Output: {}, End: true },
  },
})

/** The definition, with the ARN of each state's function and the bucket that the list of shards is in. */
export const batchDefinition = (
  arnOf: (state: BatchState) => string,
  bucket: string,
): Readonly<Record<string, unknown>> => ({
  Comment: 'A batch: from an uploaded file of rows to a file of predictions',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: batchTimeoutSeconds,
  StartAt: 'Begin',
  States: {
    Begin: {
      Type: 'Pass',
      Assign: { consumerId: expression('$states.input.consumerId'), batchId: expression('$states.input.batchId') },
      Next: 'Split',
    },
    Split: {
      ...invoke(arnOf('split'), place),
      Catch: toFail('split'),
      Assign: { itemsKey: expression('$states.result.Payload.itemsKey') },
      Output: {},
      Next: 'Shards',
    },
    Shards: {
      Type: 'Map',
      Label: 'Shards',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Arguments: { Bucket: bucket, Key: expression('$itemsKey') },
      },
      ItemSelector: { ...place, shard: expression('$states.context.Map.Item.Value') },
      MaxConcurrency: mostConcurrentShards,
      // Whatever becomes of one shard, the others are answered; Finish tells from the ledger how the batch ended.
      ToleratedFailurePercentage: 100,
      ItemProcessor: processor(arnOf('shard')),
      Catch: toFail('shards'),
      Output: {},
      Next: 'Finish',
    },
    Finish: { ...invoke(arnOf('finish'), place), Catch: toFail('finish'), Output: {}, Next: 'Done' },
    Done: { Type: 'Succeed' },
    Fail: { ...invoke(arnOf('fail'), { ...place, failure: expression('$failure') }), Output: {}, Next: 'Failed' },
    Failed: {
      Type: 'Fail',
      Error: expression('$failure.error'),
      Cause: expression("$failure.step & ': ' & $failure.cause"),
    },
  },
})
