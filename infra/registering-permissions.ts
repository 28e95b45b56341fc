/** What the states of registrations may do. */
import type { Grant } from './grant.ts'

const key: Grant = { on: 'key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }
const keyToRead: Grant = { on: 'key', actions: ['kms:Decrypt'] }
const models = 'artifacts/sha256/*'

export const registeringPermissions: Readonly<Record<string, readonly Grant[]>> = {
  'register-stage': [
    { on: 'registry', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
    { on: 'data/uploads/*', actions: ['s3:GetObjectVersion'] },
    // A version that is to be optimised.
    { on: models, actions: ['s3:GetObject'] },
    { on: 'data/quarantine/*', actions: ['s3:PutObject', 's3:GetObjectVersion'] },
    key,
  ],
  'register-optimise': [
    { on: 'registry', actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
    { on: models, actions: ['s3:GetObject'] },
    // The train rows of the run that made the version.
    { on: 'data/runs/*', actions: ['s3:GetObject'] },
    { on: 'data/quarantine/*', actions: ['s3:PutObject', 's3:GetObject'] },
    // Without it what is not there, such as a choice that was not made yet, is a 403.
    { on: 'data', actions: ['s3:ListBucket'] },
    key,
  ],
  'register-publish': [
    {
      on: 'registry',
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:DeleteItem'],
    },
    { on: 'data/quarantine/*', actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:DeleteObject'] },
    { on: models, actions: ['s3:PutObject', 's3:DeleteObjectVersion'] },
    key,
  ],
  'register-fail': [
    { on: 'registry', actions: ['dynamodb:UpdateItem'] },
    { on: 'data/quarantine/*', actions: ['s3:DeleteObject'] },
    keyToRead,
  ],
}
