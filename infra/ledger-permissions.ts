/** What settles leases, tells of caps, folds hours and reconciles them without a caller. */
import type { Grant } from './grant.ts'

export const ledgerPermissions: Readonly<Record<string, readonly Grant[]>> = {
  tick: [
    // GetItem also reads consumers whose usage is exported, and the key of Stripe.
    // The end of the chain of hours is read and put.
    { on: 'registry', actions: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'] },
    // UpdateItem settles leases and marks hours.
    { on: 'ledger', actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
    { on: 'bus', actions: ['events:PutEvents'] },
    { on: 'reconcile', actions: ['lambda:InvokeFunction'] },
    { on: 'deadLetters', actions: ['sqs:SendMessage'] },
    { on: 'key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
    // Its own grant: nobody else makes MACs of hours.
    { on: 'key', actions: ['kms:Encrypt'] },
  ],
  reconcile: [
    { on: 'registry', actions: ['dynamodb:Query', 'dynamodb:GetItem'] },
    // It changes nothing but its own item, and puts parts of its own sums.
    { on: 'ledger', actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] },
    { on: 'deadLetters', actions: ['sqs:SendMessage'] },
    { on: 'key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  ],
}

const ofTick = ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'kms:Decrypt']

/** Of the tick where usage goes to AWS Marketplace: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsmarketplacemeteringservice.html */
export const marketplaceActions = ['aws-marketplace:BatchMeterUsage'] as const

/** Actions that the journeys do not use; the test named does. */
export const ledgerFaultOnly: readonly { readonly action: string; readonly role: string; readonly reason: string }[] = [
  ...[...ofTick, 'events:PutEvents'].map((action) => ({
    action,
    role: 'tick',
    reason: 'a lease whose environment was killed is given back, and its cap is told of: test/journey/repeats.test.ts',
  })),
  ...['kms:Encrypt', 'lambda:InvokeFunction'].map((action) => ({
    action,
    role: 'tick',
    reason: 'an hour that is over is folded, a reconciliation that nobody holds goes on: test/journey/repeats.test.ts',
  })),
  ...['batchfinish', 'batchfail', 'batchended', 'batchesRole'].map((role) => ({
    action: 'dynamodb:UpdateItem',
    role,
    reason: 'the lease of a batch whose consumer is capped is settled: test/src/ledger/reservation.test.ts',
  })),
]
