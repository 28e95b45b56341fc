/** What may bring a dataset version or start a run without a person. */
import type { Grant } from './grant.ts'

const key: Grant = { on: 'key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }
const startRuns: readonly Grant[] = [
  { on: 'machine', actions: ['states:StartExecution'] },
  { on: 'deadLetters', actions: ['sqs:SendMessage'] },
  key,
]

export const retrainingPermissions: Readonly<Record<string, readonly Grant[]>> = {
  'retrain-on-dataset': [
    // UpdateItem takes the number of a dataset version.
    { on: 'registry', actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
    // GetObject finds an object that was deleted since; a large one is copied inside S3.
    { on: 'data/datasets/*', actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'] },
    // Without it an object that is gone is a 403.
    { on: 'data', actions: ['s3:ListBucket'] },
    ...startRuns,
  ],
  // UpdateItem sets the next due time.
  'retrain-on-schedule': [
    { on: 'registry', actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
    ...startRuns,
  ],
}

/** Actions that the journeys do not use; the test named does. */
export const retrainingFaultOnly: readonly {
  readonly action: string
  readonly role: string
  readonly reason: string
}[] = [
  {
    action: 's3:ListBucket',
    role: 'retrainondataset',
    reason: 'an object that is gone before its event comes: test/functions/retrain.test.ts',
  },
  ...[
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'states:StartExecution',
    'kms:Decrypt',
  ].map((action) => ({
    action,
    role: 'retrainonschedule',
    reason: 'it comes every 5 minutes, and is due after a quarter of an hour: test/functions/retrain.test.ts',
  })),
]
