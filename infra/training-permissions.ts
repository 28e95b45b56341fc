/** What the states of training runs may do, and the sweep over runs. */
import { jobStates } from './engine-states.ts'
import type { Grant } from './grant.ts'

const key: Grant = { on: 'key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }
const keyToRead: Grant = { on: 'key', actions: ['kms:Decrypt'] }
const models = 'artifacts/sha256/*'

// Each state marks its step in the run's row and writes events; those of trials side by side mark none.
const run = ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:PutItem']
const oneTrial: Grant = { on: 'registry', actions: ['dynamodb:GetItem'] }
const runFiles: Grant = { on: 'data/runs/*', actions: ['s3:GetObject', 's3:PutObject'] }
const datasets: Grant = { on: 'data/datasets/*', actions: ['s3:GetObject'] }
// Without it what is not there yet, such as a fit's first checkpoint, is a 403.
const lookUp: Grant = { on: 'data', actions: ['s3:ListBucket'] }

const statesOfRuns: Readonly<Record<string, readonly Grant[]>> = {
  // The live version's manifest says how its columns are read.
  'train-inspect': [
    { on: 'registry', actions: run },
    datasets,
    runFiles,
    lookUp,
    { on: models, actions: ['s3:GetObject'] },
    key,
  ],
  'train-plan': [{ on: 'registry', actions: run }, runFiles, lookUp, key],
  'train-prepare': [{ on: 'registry', actions: run }, datasets, runFiles, lookUp, key],
  'train-fit': [{ on: 'registry', actions: run }, runFiles, lookUp, key],
  'train-score': [oneTrial, runFiles, lookUp, key],
  'train-abandon': [oneTrial, runFiles, key],
  'train-halve': [{ on: 'registry', actions: run }, runFiles, lookUp, key],
  'train-choose': [{ on: 'registry', actions: run }, runFiles, lookUp, key],
  'train-refit': [{ on: 'registry', actions: run }, runFiles, lookUp, key],
  'train-export': [{ on: 'registry', actions: run }, runFiles, key],
  'train-optimise': [{ on: 'registry', actions: ['dynamodb:UpdateItem', 'dynamodb:PutItem'] }, runFiles, lookUp, key],
  'train-evaluate': [{ on: 'registry', actions: run }, runFiles, lookUp, key],
  // The live version is judged on the same raw rows.
  'train-gate': [
    { on: 'registry', actions: run },
    datasets,
    runFiles,
    lookUp,
    { on: models, actions: ['s3:GetObject'] },
    key,
  ],
  'train-register': [
    { on: 'registry', actions: [...run, 'dynamodb:Query', 'dynamodb:DeleteItem'] },
    { on: 'data/runs/*', actions: ['s3:GetObject'] },
    { on: models, actions: ['s3:PutObject', 's3:DeleteObjectVersion'] },
    key,
  ],
  'train-promote': [{ on: 'registry', actions: [...run, 'dynamodb:ConditionCheckItem'] }, keyToRead],
  'train-fail': [{ on: 'registry', actions: ['dynamodb:UpdateItem', 'dynamodb:PutItem'] }, keyToRead],
  'sweep-runs': [
    { on: 'registry', actions: ['dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:PutItem'] },
    { on: 'machine', actions: ['states:StartExecution'] },
    { on: 'executions', actions: ['states:DescribeExecution'] },
    { on: 'deadLetters', actions: ['sqs:SendMessage'] },
    key,
  ],
  'train-answer': [{ on: 'data/runs/*', actions: ['s3:GetObject'] }, keyToRead],
}

/** A job does what the functions of these states do, with the rights of all of them. */
const ofJobs = [...jobStates, 'score'].flatMap((state) => statesOfRuns[`train-${state}`] ?? [])
const together = (grants: readonly Grant[]): readonly Grant[] =>
  [...new Set(grants.map(({ on }) => on))].map((on) => ({
    on,
    actions: [...new Set(grants.filter((grant) => grant.on === on).flatMap(({ actions }) => actions))],
  }))

export const trainingPermissions: Readonly<Record<string, readonly Grant[]>> = {
  ...statesOfRuns,
  'train-job': together(ofJobs),
}

const ofBatch = 'runs of the engine batch: test/journey/train.test.ts'

/** Actions that the journeys do not use; the test named does. */
export const trainingFaultOnly: readonly { readonly action: string; readonly role: string; readonly reason: string }[] =
  [
    ...['dynamodb:GetItem', 's3:GetObject', 's3:PutObject', 'kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
      action,
      role: 'trainabandon',
      reason: 'a trial that cannot be fitted: test/functions/train.test.ts',
    })),
    ...[...run, 's3:GetObject', 's3:PutObject', 's3:ListBucket', 'kms:Decrypt', 'kms:GenerateDataKey'].map(
      (action) => ({
        action,
        role: 'trainhalve',
        reason: 'a table whose trials are too much for the budget: test/functions/train-rounds.test.ts',
      }),
    ),
    ...['states:StartExecution', 's3:GetObject', 'kms:Decrypt'].map((action) => ({
      action,
      role: 'RunRole',
      reason: 'more trials than an inline Map takes: test/functions/train-rounds.test.ts',
    })),
    ...[
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'dynamodb:PutItem',
      'states:StartExecution',
      'states:DescribeExecution',
      'kms:Decrypt',
    ].map((action) => ({
      action,
      role: 'sweepruns',
      reason: 'it comes every quarter of an hour: test/functions/sweep.test.ts',
    })),
    ...[
      ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 's3:GetObject', 's3:PutObject'],
      ...['s3:ListBucket', 'kms:Decrypt', 'kms:GenerateDataKey'],
    ].map((action) => ({ action, role: 'JobRole', reason: ofBatch })),
    ...['s3:GetObject', 'kms:Decrypt'].map((action) => ({ action, role: 'trainanswer', reason: ofBatch })),
    ...[
      ...['batch:SubmitJob', 'batch:DescribeJobs', 'batch:TerminateJob'],
      ...['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    ].map((action) => ({ action, role: 'RunRole', reason: ofBatch })),
    ...['plan', 'fit', 'choose', 'refit', 'export', 'evaluate'].map((state) => ({
      action: 'dynamodb:GetItem',
      role: `train${state}`,
      reason: 'a state that is entered again reads its run: test/functions/train-kill.test.ts',
    })),
    {
      action: 's3:ListBucket',
      role: 'trainscore',
      reason: 'a table of too few rows for folds has no size to read: test/functions/train.test.ts',
    },
    {
      action: 'lambda:InvokeFunction',
      role: 'RunRole',
      reason: 'halve and abandon, in rounds and for trials that fail: test/functions/train-rounds.test.ts',
    },
  ]
