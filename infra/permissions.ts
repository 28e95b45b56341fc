/**
 * What each function may do: the only place where a product permission is granted.
 * The least-privilege test runs the journeys and names every action here that no call used.
 */

/** A resource of the Storage stack, or part of a bucket. */
export type Target =
  | 'registry'
  | 'ledger'
  | 'key'
  | 'machine'
  | 'executions'
  | 'deadLetters'
  | 'artifacts'
  | 'data'
  | `artifacts/${string}`
  | `data/${string}`

export type Grant = { readonly on: Target; readonly actions: readonly string[] }

const read = ['dynamodb:GetItem', 'dynamodb:Query']
const models = 'artifacts/sha256/*'

// A table of a customer's key is read and written with the caller's Decrypt; a bucket's object is written with GenerateDataKey.
const key: Grant = { on: 'key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }
const keyToRead: Grant = { on: 'key', actions: ['kms:Decrypt'] }

// Each state marks its step in the run's row and writes events.
const run = ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:PutItem']
const runFiles: Grant = { on: 'data/runs/*', actions: ['s3:GetObject', 's3:PutObject'] }
const datasets: Grant = { on: 'data/datasets/*', actions: ['s3:GetObject'] }

export const permissions: Readonly<Record<string, readonly Grant[]>> = {
  predict: [
    // UpdateItem raises the opened hour.
    { on: 'registry', actions: [...read, 'dynamodb:UpdateItem'] },
    { on: 'ledger', actions: ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem', 'dynamodb:Query'] },
    { on: models, actions: ['s3:GetObject'] },
    // Without it a version that was just removed is a 403, and the caller's 404 a 500.
    { on: 'artifacts', actions: ['s3:ListBucket'] },
    keyToRead,
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
    { on: 'ledger', actions: ['dynamodb:Query'] },
    { on: models, actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion'] },
    { on: 'data/datasets/*', actions: ['s3:PutObject'] },
    { on: 'data/uploads/*', actions: ['s3:PutObject', 's3:GetObject', 's3:GetObjectVersion'] },
    // Without it the HEAD of an upload that never came is a 403.
    { on: 'data', actions: ['s3:ListBucket'] },
    { on: 'machine', actions: ['states:StartExecution'] },
    { on: 'executions', actions: ['states:StopExecution'] },
    key,
  ],
  // It runs files that nobody has run before: their place in quarantine is all that it reaches.
  probe: [{ on: 'data/quarantine/*', actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'] }, key],
  'train-inspect': [{ on: 'registry', actions: run }, datasets, { on: 'data/runs/*', actions: ['s3:PutObject'] }, key],
  'train-plan': [{ on: 'registry', actions: run }, runFiles, key],
  'train-prepare': [{ on: 'registry', actions: run }, datasets, runFiles, key],
  'train-fit': [{ on: 'registry', actions: run }, runFiles, key],
  'train-export': [{ on: 'registry', actions: run }, runFiles, key],
  'train-evaluate': [{ on: 'registry', actions: run }, runFiles, key],
  // The live version is judged on the same raw rows.
  'train-gate': [{ on: 'registry', actions: run }, datasets, runFiles, { on: models, actions: ['s3:GetObject'] }, key],
  'train-register': [
    { on: 'registry', actions: [...run, 'dynamodb:Query', 'dynamodb:DeleteItem'] },
    { on: 'data/runs/*', actions: ['s3:GetObject'] },
    { on: models, actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObjectVersion'] },
    key,
  ],
  'train-promote': [{ on: 'registry', actions: [...run, 'dynamodb:ConditionCheckItem'] }, keyToRead],
  'train-fail': [{ on: 'registry', actions: ['dynamodb:UpdateItem', 'dynamodb:PutItem'] }, keyToRead],
  'execution-ended': [{ on: 'registry', actions: run }, { on: 'deadLetters', actions: ['sqs:SendMessage'] }, key],
}

/**
 * Actions that AWS uses on our behalf, or checks without a call of ours: never seen in use locally.
 * Each with the page that asks for it.
 */
export const awsOnly: readonly { readonly action: string; readonly role?: string; readonly reason: string }[] = [
  {
    action: 'kms:GenerateDataKey',
    role: 'executionended',
    reason:
      'Lambda sends to an encrypted queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html',
  },
  {
    action: 'logs:CreateLogStream',
    reason: 'Lambda writes the logs: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
  },
  {
    action: 'logs:PutLogEvents',
    reason: 'Lambda writes the logs: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
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
  {
    action: 'dynamodb:Query',
    role: 'predict',
    reason: 'a chain is read when the outcome of a put is unknown: test/adapters/ledger.test.ts',
  },
  ...['dynamodb:DeleteItem', 's3:GetObject', 's3:DeleteObjectVersion'].map((action) => ({
    action,
    role: 'trainregister',
    reason: 'a publication completes a removal of the same bytes that died half-way: test/adapters/registry.test.ts',
  })),
]
