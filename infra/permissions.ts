/**
 * What each function may do: the only place where a product permission is granted.
 * The least-privilege test runs the journeys and names every action here that no call used.
 */
import type { Grant } from './grant.ts'
import { ledgerFaultOnly, ledgerPermissions } from './ledger-permissions.ts'
import { registeringPermissions } from './registering-permissions.ts'
import { retrainingFaultOnly, retrainingPermissions } from './retraining-permissions.ts'
import { trainingFaultOnly, trainingPermissions } from './training-permissions.ts'

const read = ['dynamodb:GetItem', 'dynamodb:Query']
const models = 'artifacts/sha256/*'

// A table of a customer's key is read and written with the caller's Decrypt; a bucket's object is written with GenerateDataKey.
const key: Grant = { on: 'key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }
const keyToRead: Grant = { on: 'key', actions: ['kms:Decrypt'] }

// Each state marks its step in the run's row and writes events.
const run = ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:PutItem']
// Without it what is not there yet, such as a shard's first result or a fit's first checkpoint, is a 403.
const lookUp: Grant = { on: 'data', actions: ['s3:ListBucket'] }

const predict: readonly Grant[] = [
  // UpdateItem raises the opened hour, PutItem keeps an upload.
  { on: 'registry', actions: [...read, 'dynamodb:UpdateItem', 'dynamodb:PutItem'] },
  // UpdateItem notes hours, ends calls and counts bytes of uploads.
  { on: 'ledger', actions: [...read, 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
  { on: models, actions: ['s3:GetObject'] },
  { on: 'data/answers/*', actions: ['s3:PutObject', 's3:GetObject'] },
  { on: 'data/calls/*', actions: ['s3:PutObject', 's3:GetObject'] },
  { on: 'data/uploads/*', actions: ['s3:PutObject', 's3:GetObject', 's3:GetObjectVersion'] },
  // Without it an upload that never came is a 403.
  { on: 'data', actions: ['s3:ListBucket'] },
  { on: 'calls', actions: ['lambda:InvokeFunction'] },
  // Without it a version that was just removed is a 403, and the caller's 404 a 500.
  { on: 'artifacts', actions: ['s3:ListBucket'] },
  key,
]

const batchFiles: Grant = { on: 'data/batches/*', actions: ['s3:GetObject', 's3:PutObject'] }
// A chain is closed and read, its results are merged.
const endBatch: readonly Grant[] = [
  { on: 'registry', actions: [...read, 'dynamodb:UpdateItem'] },
  // UpdateItem settles its lease.
  { on: 'ledger', actions: ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'] },
  batchFiles,
  key,
]

export const permissions: Readonly<Record<string, readonly Grant[]>> = {
  predict: [...predict, { on: 'predictLarge', actions: ['lambda:InvokeFunction'] }],
  'predict-large': predict,
  calls: [
    // UpdateItem raises the opened hour.
    { on: 'registry', actions: [...read, 'dynamodb:UpdateItem'] },
    { on: 'ledger', actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'] },
    { on: models, actions: ['s3:GetObject'] },
    { on: 'artifacts', actions: ['s3:ListBucket'] },
    { on: 'data/calls/*', actions: ['s3:PutObject', 's3:GetObject'] },
    { on: 'data/uploads/*', actions: ['s3:GetObjectVersion'] },
    // Without it the first look for a result is a 403.
    { on: 'data', actions: ['s3:ListBucket'] },
    { on: 'callFailed', actions: ['lambda:InvokeFunction'] },
    key,
  ],
  'call-failed': [
    { on: 'ledger', actions: [...read, 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
    { on: 'data/calls/*', actions: ['s3:GetObject'] },
    { on: 'deadLetters', actions: ['sqs:SendMessage'] },
    key,
  ],
  control: [
    {
      on: 'registry',
      actions: [
        ...read,
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:ConditionCheckItem',
      ],
    },
    // PutItem keeps a credit, UpdateItem adds it to its balance and counts requests against limits.
    { on: 'ledger', actions: [...read, 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
    { on: models, actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion'] },
    { on: 'data/datasets/*', actions: ['s3:PutObject'] },
    { on: 'data/uploads/*', actions: ['s3:PutObject', 's3:GetObject', 's3:GetObjectVersion'] },
    // Without it the HEAD of an upload that never came is a 403.
    { on: 'data', actions: ['s3:ListBucket'] },
    { on: 'data/quarantine/*', actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'] },
    { on: 'probe', actions: ['lambda:InvokeFunction'] },
    { on: 'reconcile', actions: ['lambda:InvokeFunction'] },
    { on: 'registerMachine', actions: ['states:StartExecution'] },
    { on: 'machine', actions: ['states:StartExecution'] },
    { on: 'executions', actions: ['states:StopExecution'] },
    key,
  ],
  // It runs files that nobody has run before: their place in quarantine is all that it reaches.
  probe: [{ on: 'data/quarantine/*', actions: ['s3:GetObjectVersion', 's3:PutObject'] }, key],
  ...trainingPermissions,
  ...retrainingPermissions,
  ...registeringPermissions,
  batches: [
    // PutItem keeps the batch with its opening, UpdateItem raises the opened hour.
    { on: 'registry', actions: [...read, 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
    // Query reads a chain when the outcome of its closing is unknown, UpdateItem notes hours and counts requests against limits.
    { on: 'ledger', actions: [...read, 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
    { on: models, actions: ['s3:GetObject'] },
    { on: 'data/uploads/*', actions: ['s3:GetObject'] },
    { on: 'data/batches/*', actions: ['s3:GetObject'] },
    lookUp,
    { on: 'batchMachine', actions: ['states:StartExecution'] },
    { on: 'batchExecutions', actions: ['states:StopExecution'] },
    keyToRead,
  ],
  'batch-split': [
    { on: 'registry', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
    { on: 'ledger', actions: ['dynamodb:PutItem', 'dynamodb:Query'] },
    { on: models, actions: ['s3:GetObject'] },
    { on: 'data/uploads/*', actions: ['s3:GetObjectVersion'] },
    batchFiles,
    lookUp,
    key,
  ],
  'batch-shard': [
    { on: 'registry', actions: ['dynamodb:GetItem', 'dynamodb:PutItem'] },
    { on: 'ledger', actions: ['dynamodb:PutItem', 'dynamodb:Query'] },
    { on: models, actions: ['s3:GetObject'] },
    batchFiles,
    lookUp,
    key,
  ],
  'batch-finish': endBatch,
  'batch-fail': [...endBatch, lookUp],
  'batch-ended': [...endBatch, lookUp, { on: 'deadLetters', actions: ['sqs:SendMessage'] }],
  ...ledgerPermissions,
  'execution-ended': [{ on: 'registry', actions: run }, { on: 'deadLetters', actions: ['sqs:SendMessage'] }, key],
}

/**
 * Actions that AWS uses on our behalf, or checks without a call of ours: never seen in use locally.
 * Each with the page that asks for it.
 */
export const awsOnly: readonly { readonly action: string; readonly role?: string; readonly reason: string }[] = [
  ...['BatchRole', 'RunRole'].flatMap((role) =>
    ['states:DescribeExecution', 'states:StopExecution'].map((action) => ({
      action,
      role,
      reason:
        'a distributed Map follows and stops its iterations: https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html',
    })),
  ),
  ...['executionended', 'callfailed', 'sweepruns', 'tick', 'reconcile', 'retrainonschedule'].map((role) => ({
    action: 'kms:GenerateDataKey',
    role,
    reason:
      'Lambda sends to an encrypted queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
  })),
  {
    action: 'logs:CreateLogStream',
    reason: 'Lambda writes the logs: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
  },
  {
    action: 'logs:PutLogEvents',
    reason: 'Lambda writes the logs: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
  },
  {
    action: 'ecr:*',
    reason:
      'Fargate pulls the image of a job: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  },
  {
    action: 'logs:*Log*',
    reason: 'Step Functions delivers logs: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  },
  {
    action: 'logs:*ResourcePolic*',
    reason: 'Step Functions delivers logs: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  },
  {
    action: 'xray:*',
    reason:
      'the services send traces: https://docs.aws.amazon.com/xray/latest/devguide/security_iam_id-based-policy-examples.html',
  },
  {
    action: 'kms:DescribeKey',
    reason:
      'DynamoDB with a customer key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html',
  },
  {
    action: 'sqs:SendMessage',
    reason:
      'Lambda and rules send dead letters: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
  },
]

/** Actions that only the loss of an answer brings about; the test named drops answers on purpose. */
export const faultOnly: readonly { readonly action: string; readonly role: string; readonly reason: string }[] = [
  { action: 'lambda:InvokeFunction', role: 'predict', reason: 'large models only: test/journey/large.test.ts' },
  ...predict
    .flatMap(({ actions }) => actions)
    .map((action) => ({
      action,
      role: 'predictlarge',
      reason: 'the code of predict in a larger function, where the tour uses each: test/journey/large.test.ts calls it',
    })),
  ...['trainregister', 'registerpublish'].flatMap((role) =>
    ['dynamodb:DeleteItem', 's3:DeleteObjectVersion'].map((action) => ({
      action,
      role,
      reason:
        'a publication completes a removal of the same bytes that died half-way: test/adapters/registry/registry.test.ts',
    })),
  ),
  {
    action: 'lambda:InvokeFunction',
    role: 'callsRole',
    reason:
      'Lambda tells, minutes later, of a call that no attempt could answer: test/local/functions/asynchronous.test.ts',
  },
  ...['callsRole', 'callfailed'].map((role) => ({
    action: 'dynamodb:Query',
    role,
    reason: 'a slot is read when the outcome of its put is unknown: test/src/ledger/reservation.test.ts',
  })),
  {
    action: 's3:ListBucket',
    role: 'callsRole',
    reason: 'a version that is removed between its record and its bytes, as in predict, where the tour removes one so',
  },
  ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 's3:GetObject', 'kms:Decrypt'].map((action) => ({
    action,
    role: 'callfailed',
    reason: 'it is asked when no attempt could answer a call: test/journey/call-faults.test.ts',
  })),
  ...['batchsplit', 'batchshard', 'batchesRole'].map((role) => ({
    action: 'dynamodb:Query',
    role,
    reason: 'a chain is read when the outcome of a put is unknown: test/src/ledger/reservation.test.ts',
  })),
  ...['batchfail', 'batchended'].flatMap((role) =>
    ['dynamodb:Query', 's3:PutObject', 'kms:GenerateDataKey'].map((action) => ({
      action,
      role,
      reason: 'a batch that ends early keeps what its shards answered by then: test/journey/batch-faults.test.ts',
    })),
  ),
  ...ledgerFaultOnly,
  ...trainingFaultOnly,
  ...retrainingFaultOnly,
]
