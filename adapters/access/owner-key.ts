import type { KMSClient } from '@aws-sdk/client-kms'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { auditOfConsumer } from '../../src/access/audited.ts'
import { ownerId } from '../../src/access/consumer.ts'
import { putConsumer } from './consumers.ts'
import { keyMac, makeSecret } from './key-secret.ts'
import { createKey } from './keys.ts'

export type OwnerKeyPlace = {
  readonly registryTable: string
  readonly keyArn: string
  readonly documents: DynamoDBDocumentClient
  readonly kms: KMSClient
  readonly nowMs: () => number
}

/** Whoever has the deployment's AWS credentials; CloudTrail knows who that is. */
const actor = 'aws'

/** Makes an owner key with AWS credentials, and the built-in consumer `owner` and the deployment's secret if they are not there. */
export const createOwnerKey = async (
  { registryTable, keyArn, documents, kms, nowMs }: OwnerKeyPlace,
  name?: string,
) => {
  const registry = { documents, table: registryTable }
  const createdAtMs = nowMs()
  const after = { id: ownerId, plan: 'postpaid', grants: ['*'], createdAtMs, revision: 1 } as const
  const row = auditOfConsumer({ actor, action: 'consumer.create', before: undefined, after, atMs: createdAtMs })
  await putConsumer(registry)(after, row)
  const secret = { registry, kms, keyArn }
  await makeSecret(secret)
  const create = createKey(registry, keyMac(secret))
  return await create({ consumerId: ownerId, createdAtMs, ...(name !== undefined && { name }) }, actor)
}
